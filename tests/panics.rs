//! Panics, wherever they come from: a body, a destructor, a message, a reason, a payload. Each ends
//! at most the process it belongs to, and takes nobody's `Exit` or `Down` away.
//!
//! What is called a bomb here panics when it is dropped, even if it is dropped because of a panic:
//! two of them in one value would end the program, as everywhere in Rust.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::thread;

use kerosene::prelude::*;
use kerosene::{IntoExitReason, PanicInfo, put};

/// Panics when it is dropped.
#[derive(Debug, PartialEq)]
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a bomb has gone off");
    }
}

async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

async fn panic_of(body: impl Future<Output: IntoExitReason> + Send + 'static) -> PanicInfo {
    let (child, watch) = spawn_monitor(body);
    let reason = down(watch).await;
    let ExitReason::Panic(info) = reason else { panic!("no panic: {reason}") };
    assert_eq!(info.pid, child);
    (*info).clone()
}

#[kerosene::test(seeds = 20)]
async fn a_panic_is_a_reason_with_text_and_place() {
    let info = panic_of(async { panic!("a text") }).await;
    assert_eq!(info.message, "a text");
    let location = info.location.expect("the place of a `panic!` is known");
    assert!(location.contains("panics.rs:"), "{location}");

    let number = 7;
    let info = panic_of(async move { panic!("a text with {number}") }).await;
    assert_eq!(info.message, "a text with 7");
    let info = panic_of(async { panic_any(7) }).await;
    assert!(info.message.contains("no text") && info.location.is_some());
    let info = panic_of(async { drop(Vec::<String>::new().remove(0)) }).await;
    assert!(info.message.contains("index"), "{}", info.message);
    // Beside others, and after an await.
    let info = panic_of(async {
        tokio::join!(yield_now(), async {
            yield_now().await;
            panic!("beside")
        });
    });
    assert_eq!(info.await.message, "beside");
}

/// The place of a panic belongs to the process that panicked.
#[kerosene::test(seeds = 50)]
async fn a_panic_without_a_place_borrows_none() {
    let catches = spawn(async {
        let caught = catch_unwind(|| panic!("caught"));
        assert!(caught.is_err());
        pending::<()>().await;
    });
    assert!(is_alive(catches).await);
    let info = panic_of(async { resume_unwind(Box::new("without a place")) }).await;
    assert_eq!((&*info.message, info.location), ("without a place", None));
}

#[kerosene::test(seeds = 100)]
async fn a_panic_ends_one_process() {
    let test = pid();
    let bystander = spawn(async move {
        receive! { "are you there?" => send(test, "yes") }
    });
    let (parent, parent_watch) = spawn_monitor(async move {
        let (_, watch) = spawn_monitor(async { panic!("the child") });
        assert!(matches!(down(watch).await, ExitReason::Panic(_)));
        receive! { "go" => exit("the parent lives on") }
    });
    send(bystander, "are you there?");
    receive! { "yes" => () }
    send(parent, "go");
    assert_eq!(down(parent_watch).await, ExitReason::from("the parent lives on"));
}

#[kerosene::test(real, worker_threads = 2)]
async fn schedulers_outlive_many_panics() {
    let panics = |round| {
        spawn_monitor(async move {
            assert!(round % 100 > 0, "loudly");
            resume_unwind(Box::new("quietly"))
        })
    };
    for _ in 0..20 {
        let children: Vec<_> = (0..250).map(panics).collect();
        for (_, watch) in children {
            assert!(matches!(down(watch).await, ExitReason::Panic(_)));
        }
    }
}

/// What is heard of the end of a body, by everybody who can hear of it.
async fn heard_by_all(body: impl Future<Output: IntoExitReason> + Send + 'static) -> ExitReason {
    heard_by_all_when(body, |_| ()).await
}

/// The same, where something is done to the process as soon as it is known by all.
async fn heard_by_all_when(
    body: impl Future<Output: IntoExitReason> + Send + 'static,
    act: impl FnOnce(Pid),
) -> ExitReason {
    let test = pid();
    trap_exit(true);
    let child = spawn_opt(SpawnOptions::new().link().monitor(), body);
    spawn_opt(SpawnOptions::new().trap_exit(), async move {
        link(child.pid);
        send(test, "linked");
        receive! { Exit { pid, reason } if pid == child.pid => send(test, reason) }
    });
    receive! { "linked" => () }
    act(child.pid);
    let reason = down(child.monitor.expect("asked for")).await;
    let exit = receive! { Exit { pid, reason } if pid == child.pid => reason };
    assert_eq!(exit, reason);
    assert!(!is_alive(child.pid).await);
    // If it came too late for the link, it has heard so.
    let of_linked = receive! { reason: ExitReason => reason };
    assert!(of_linked == reason || of_linked == ExitReason::NoProc);
    reason
}

/// Waits to be killed, or for the word to end.
async fn waits() {
    receive! { "end" => () }
}

#[kerosene::test(seeds = 50)]
async fn a_panicking_destructor_loses_no_down() {
    let holds_a_bomb = || async {
        let _bomb = Bomb;
        waits().await;
    };
    let kill = |pid| exit_signal(pid, ExitReason::Kill);
    assert_eq!(heard_by_all_when(holds_a_bomb(), kill).await, ExitReason::Killed);
    let end = |pid| send(pid, "end");
    let reason = heard_by_all_when(holds_a_bomb(), end).await;
    assert!(matches!(reason, ExitReason::Panic(_)), "its own code has panicked: {reason}");
    // A bomb in the state of a body that has not run, and one in the dictionary.
    let bomb = Bomb;
    let unborn = async move {
        waits().await;
        drop(bomb);
    };
    assert_eq!(heard_by_all_when(unborn, kill).await, ExitReason::Killed);
    let in_the_dictionary = async {
        put("bomb", Bomb);
        waits().await;
    };
    assert_eq!(heard_by_all_when(in_the_dictionary, end).await, ExitReason::Normal);
}

#[kerosene::test(seeds = 50)]
async fn a_panicking_message_destructor_loses_no_down() {
    // Received and passed over.
    let full = async {
        for _ in 0..3 {
            send(pid(), Bomb);
        }
        waits().await;
    };
    assert_eq!(heard_by_all_when(full, |pid| send(pid, "end")).await, ExitReason::Normal);
    // Not received: behind the signal that ends it.
    let end_and_bomb = |pid| {
        exit_signal(pid, "enough");
        send(pid, Bomb);
        send(pid, Bomb);
    };
    assert_eq!(heard_by_all_when(waits(), end_and_bomb).await, ExitReason::from("enough"));
    // In a message of the runtime, and as an argument of a timer.
    let nested = async {
        start_timer(Duration::from_hours(1), pid(), Bomb);
        send(pid(), Message::new(Box::new(Bomb)));
        waits().await;
    };
    assert_eq!(heard_by_all_when(nested, |pid| send(pid, "end")).await, ExitReason::Normal);
}

/// Messages that are dropped since their alias is off belong to nobody's code.
#[kerosene::test(seeds = 50)]
async fn a_panicking_message_through_a_dead_alias_harms_nobody() {
    let body = async {
        let alias = alias();
        for _ in 0..3 {
            send(alias, Bomb);
        }
        unalias(alias);
        yield_now().await;
        for _ in 0..3 {
            send(alias, Bomb);
        }
        receive! { "never" => (), after Duration::from_secs(1) => () }
        exit("it went on")
    };
    assert_eq!(heard_by_all(body).await, ExitReason::from("it went on"));
}

/// Whoever ends with a reason, or sends one, does not see where it is dropped last.
#[kerosene::test(seeds = 50)]
async fn a_reason_that_panics_when_dropped_harms_nobody() {
    // Dropped last by the process itself, which nobody watches.
    let alone = spawn(async { exit(ExitReason::other(Bomb)) });
    while is_alive(alone).await {}
    // Behind the signal that ends it, so that it has no effect.
    let too_late = |pid| {
        exit_signal(pid, "first");
        exit_signal(pid, ExitReason::other(Bomb));
        exit_signal(pid, ExitReason::shutdown_with(Bomb));
    };
    assert_eq!(heard_by_all_when(waits(), too_late).await, ExitReason::from("first"));
    // In a message that is never received.
    let options = SpawnOptions::new().trap_exit();
    let trapping = spawn_opt(options, pending::<()>()).pid;
    exit_signal(trapping, ExitReason::other(Bomb));
    assert!(is_alive(trapping).await);
    exit_signal(trapping, ExitReason::Kill);
    assert!(!is_alive(trapping).await);
}

/// Cannot be printed.
#[derive(PartialEq)]
struct Unprintable;

impl std::fmt::Debug for Unprintable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("no words");
    }
}

#[kerosene::test(seeds = 50)]
async fn a_reason_that_cannot_be_printed_harms_nobody() {
    let (_, watch) = spawn_monitor(async { exit(ExitReason::other(Unprintable)) });
    assert!(down(watch).await == ExitReason::other(Unprintable));
    let (_, watch) = spawn_monitor(pending::<()>());
    assert!(demonitor(watch));
}

/// Panics with another of its kind when it is dropped, until none is left.
struct Nested(u32);

impl Drop for Nested {
    fn drop(&mut self) {
        if self.0 > 0 {
            panic_any(Nested(self.0 - 1));
        }
    }
}

/// Panics with such a payload when it is dropped.
struct ThrowsNested;

impl Drop for ThrowsNested {
    fn drop(&mut self) {
        panic_any(Nested(3));
    }
}

#[kerosene::test(seeds = 20)]
async fn a_payload_that_panics_when_dropped_harms_nobody() {
    let body = async {
        waits().await;
        panic_any(Bomb)
    };
    let reason = heard_by_all_when(body, |pid| send(pid, "end")).await;
    let ExitReason::Panic(info) = reason else { panic!("no panic: {reason}") };
    assert!(info.message.contains("no text"));
    let info = panic_of(async { panic_any(Nested(3)) }).await;
    assert!(info.message.contains("no text"));
    // In a destructor of a killed process, where nobody asks for the payload.
    let body = async {
        let _throws = ThrowsNested;
        waits().await;
    };
    let kill = |pid| exit_signal(pid, ExitReason::Kill);
    assert_eq!(heard_by_all_when(body, kill).await, ExitReason::Killed);
}

/// A destructor of a dying process may do what any code of the process may.
#[kerosene::test(seeds = 100)]
async fn a_destructor_may_call_anything() {
    struct Busy(Pid);
    impl Drop for Busy {
        fn drop(&mut self) {
            let me = pid();
            assert!(register("in a destructor", me).is_err(), "it is too late for a name");
            trap_exit(true);
            link(self.0);
            unlink(self.0);
            demonitor(monitor(self.0));
            unalias(alias());
            exit_signal(me, "too late");
            send(me, "too late");
            schedule(Duration::ZERO, me, "too late");
            put("too late", 1);
            let orphan = spawn_link(async { pending::<()>().await });
            send(self.0, (me, orphan));
        }
    }
    let test = pid();
    let (victim, watch) = spawn_monitor(async move {
        let _busy = Busy(test);
        send(test, "begun");
        waits().await;
    });
    receive! { "begun" => () }
    exit_signal(victim, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
    let (from, orphan) = receive! { pids: (Pid, Pid) => pids };
    assert_eq!(from, victim);
    // It was linked to the dying process, and ends as if it had been for long.
    let reason = down(monitor(orphan)).await;
    assert!(reason == ExitReason::Killed || reason == ExitReason::NoProc, "{reason}");
    let info = process_info(test).await.expect("it is me");
    assert_eq!((info.links, info.monitored_by, info.mailbox_len), (vec![], vec![], 0));
}

#[kerosene::test(real, worker_threads = 2)]
async fn bombs_on_real_threads_harm_no_scheduler() {
    for round in 0..100 {
        let (victim, watch) = spawn_monitor(async {
            let _quiet = QuietBomb;
            pending::<()>().await;
        });
        for _ in 0..round % 4 {
            send(victim, QuietBomb);
        }
        exit_signal(victim, ExitReason::Kill);
        send(victim, QuietBomb);
        assert_eq!(down(watch).await, ExitReason::Killed);
    }
}

/// A bomb without the noise of a panic hook.
struct QuietBomb;

impl Drop for QuietBomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            resume_unwind(Box::new("a quiet bomb"));
        }
    }
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_panic_in_blocking_is_an_error() {
    let (_, watch) = spawn_monitor(async {
        let error = blocking(|| panic!("in the closure")).await.map(|()| "no panic");
        let Err(BlockingError::Panic(info)) = error else { panic!("{error:?}") };
        assert_eq!((&*info.message, info.pid), ("in the closure", pid()));
        assert!(info.location.is_some_and(|location| location.contains("panics.rs:")));

        let error = blocking(|| -> u8 { panic_any(Bomb) }).await;
        assert!(matches!(error, Err(BlockingError::Panic(_))));
        assert_eq!(blocking(|| 7).await, Ok(7));
    });
    assert_eq!(down(watch).await, ExitReason::Normal, "it has not ended anybody");
    // A panic that the closure catches itself is nobody else's business.
    let caught = blocking(|| catch_unwind(AssertUnwindSafe(|| panic!("caught"))).is_err()).await;
    assert_eq!(caught, Ok(true));
}

//! `exit_signal` to a process that does not trap exits: each row of the table in SEMANTICS.md.

use std::future::pending;
use std::pin::Pin;
use std::thread;

use kerosene::prelude::*;

use crate::down;

type Body = Pin<Box<dyn Future<Output = ()> + Send>>;

fn reasons() -> [ExitReason; 7] {
    [
        ExitReason::Shutdown,
        ExitReason::shutdown_with(1),
        ExitReason::Killed,
        ExitReason::NoProc,
        ExitReason::from("text"),
        ExitReason::other(2),
        ExitReason::error("no luck"),
    ]
}

#[kerosene::test(seeds = 50)]
async fn normal_from_another_is_ignored() {
    let (worker, watch) = spawn_monitor(async {
        receive! { "stop" => exit("stopped") }
    });
    exit_signal(worker, ExitReason::Normal);
    assert!(is_alive(worker).await);
    exit_signal(worker, ExitReason::Normal);
    send(worker, "stop");
    assert_eq!(down(watch).await, ExitReason::from("stopped"));
}

#[kerosene::test(seeds = 50)]
async fn a_reason_from_another_is_the_reason() {
    for reason in reasons() {
        let (worker, watch) = spawn_monitor(pending::<()>());
        exit_signal(worker, reason.clone());
        assert_eq!(down(watch).await, reason);
    }
}

#[kerosene::test(seeds = 50)]
async fn exit_signal_needs_no_link() {
    let test = pid();
    let (stranger, watch) = spawn_monitor(pending::<()>());
    spawn(async move {
        assert!(process_info(stranger).await.is_some_and(|info| info.links.is_empty()));
        exit_signal(stranger, "from afar");
        send(test, "sent");
    });
    receive! { "sent" => () }
    assert_eq!(down(watch).await, ExitReason::from("from afar"));
}

#[kerosene::test(seeds = 50)]
async fn kill_ends_a_process_that_traps_exits() {
    let options = SpawnOptions::new().monitor().trap_exit();
    let stubborn = spawn_opt(options, async {
        loop {
            receive! { Exit { .. } => () }
        }
    });
    exit_signal(stubborn.pid, "a message");
    assert!(is_alive(stubborn.pid).await);
    exit_signal(stubborn.pid, ExitReason::Kill);
    assert_eq!(down(stubborn.monitor.expect("asked for")).await, ExitReason::Killed);
}

#[kerosene::test(seeds = 50)]
async fn kill_to_oneself_ends_as_killed() {
    for trap in [false, true] {
        let (_, watch) = spawn_monitor(async move {
            trap_exit(trap);
            exit_signal(pid(), ExitReason::Kill);
            yield_now().await;
            exit("it went on")
        });
        assert_eq!(down(watch).await, ExitReason::Killed);
    }
}

#[kerosene::test(seeds = 50)]
async fn normal_to_oneself_is_ignored() {
    let (_, watch) = spawn_monitor(async {
        exit_signal(pid(), ExitReason::Normal);
        yield_now().await;
        receive! { _ => (), after Duration::from_secs(1) => () }
        exit("it went on")
    });
    assert_eq!(down(watch).await, ExitReason::from("it went on"));
}

#[kerosene::test(seeds = 200)]
async fn the_first_lethal_signal_gives_the_reason() {
    let (victim, watch) = spawn_monitor(pending::<()>());
    exit_signal(victim, ExitReason::Normal);
    exit_signal(victim, "first");
    exit_signal(victim, "second");
    exit_signal(victim, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::from("first"));

    // What has been decided by a signal cannot be decided anew by the process itself.
    let (victim, watch) = spawn_monitor(async {
        receive! { "go" => exit("its own") }
    });
    assert!(is_alive(victim).await);
    exit_signal(victim, "theirs");
    send(victim, "go");
    assert_eq!(down(watch).await, ExitReason::from("theirs"));
}

/// A signal to a process that is just ending by itself.
#[kerosene::test(real, worker_threads = 4)]
async fn the_first_lethal_signal_gives_the_reason_on_real_threads() {
    for round in 0..2_000 {
        let (victim, watch) = spawn_monitor(async {
            receive! { () => exit("its own") }
        });
        send(victim, ());
        if round % 2 == 0 {
            yield_now().await;
        }
        exit_signal(victim, "theirs");
        exit_signal(victim, "too late");
        let reason = down(watch).await;
        assert!(reason == "its own".into() || reason == "theirs".into(), "{reason}");
    }
}

/// A body that goes on though a receive in it has come across the signal that ends it: by a branch
/// that need not wait.
#[kerosene::test(real)]
async fn a_received_signal_gives_the_reason_whatever_the_body_still_does() {
    for ends_by_exit in [false, true] {
        let (_, watch) = spawn_monitor(async move {
            let me = pid();
            let signal = thread::spawn(move || exit_signal(me, "received"));
            signal.join().expect("a thread may send signals");
            tokio::select! {
                biased;
                () = async { receive! { () => () } } => (),
                () = async {} => (),
            }
            if ends_by_exit {
                exit("too late");
            }
        });
        assert_eq!(down(watch).await, ExitReason::from("received"));
    }
}

/// Awaits of every kind, each behind an exit signal of the process to itself.
fn awaits_after_exit_signal() -> Vec<(&'static str, Body)> {
    async fn doomed(awaits: impl Future + Send) {
        exit_signal(pid(), "doomed");
        awaits.await;
        exit("it went on")
    }
    fn boxed(awaits: impl Future<Output: Send> + Send + 'static) -> Body {
        Box::pin(doomed(awaits))
    }
    vec![
        ("yield_now", boxed(yield_now())),
        (
            "receive",
            boxed(async {
                receive! { _ => () }
            }),
        ),
        (
            "receive, not waiting",
            boxed(async {
                receive! { _ => (), after Duration::ZERO => () }
            }),
        ),
        (
            "receive of a message",
            Box::pin(async {
                send(pid(), 1_u8);
                doomed(async {
                    receive! { _: u8 => () }
                })
                .await;
            }),
        ),
        (
            "receive of a message passed over before",
            Box::pin(async {
                send(pid(), 1_u8);
                receive! { _: u16 => (), after Duration::ZERO => () }
                doomed(async {
                    receive! { _: u8 => () }
                })
                .await;
            }),
        ),
        ("sleep", boxed(sleep(Duration::from_secs(1)))),
        ("sleep of no time", boxed(sleep(Duration::ZERO))),
        ("is_alive", boxed(async { is_alive(pid()).await })),
        ("process_info", boxed(async { process_info(pid()).await })),
        ("a yield of tokio's", boxed(tokio::task::yield_now())),
    ]
}

#[kerosene::test(seeds = 100)]
async fn an_exit_signal_to_oneself_ends_the_process_by_its_next_await() {
    for (what, body) in awaits_after_exit_signal() {
        let (_, watch) = spawn_monitor(body);
        assert_eq!(down(watch).await, ExitReason::from("doomed"), "{what}");
    }
}

/// Sends an exit signal to its process when it is dropped.
struct Late;

impl Drop for Late {
    fn drop(&mut self) {
        exit_signal(pid(), "late");
    }
}

#[kerosene::test(seeds = 100)]
async fn an_exit_signal_to_oneself_gives_the_reason_also_without_an_await() {
    let (log, doomed) = (pid(), ExitReason::from("doomed"));
    let bodies: [fn(); 3] = [|| (), || exit("it was faster"), || panic!("it was faster")];
    for rest in bodies {
        // Nothing stops what is left of the body, but the end is decided.
        let (_, watch) = spawn_monitor(async move {
            exit_signal(pid(), "doomed");
            exit_signal(pid(), "doomed again");
            send(log, "it went on");
            rest();
        });
        assert_eq!(down(watch).await, doomed);
        receive! { "it went on" => () }
        let (_, watch) = spawn_monitor(async move {
            trap_exit(true);
            exit_signal(pid(), ExitReason::Kill);
            rest();
        });
        assert_eq!(down(watch).await, ExitReason::Killed);
    }
    // Who unwinds has a reason already.
    let (_, watch) = spawn_monitor(async {
        let _late = Late;
        exit("first")
    });
    assert_eq!(down(watch).await, ExitReason::from("first"));
    // One that is trapped decides nothing.
    let (_, watch) = spawn_monitor(async {
        trap_exit(true);
        exit_signal(pid(), "doomed");
    });
    assert_eq!(down(watch).await, ExitReason::Normal);
}

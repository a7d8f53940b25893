//! What works outside processes: on plain threads, in plain tokio tasks, and on the thread that a
//! runtime keeps for bodies that are not `Send`.
//!
//! These run on the real scheduler: a thread of its own is not part of a simulation.

use std::cell::RefCell;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::thread;

use kerosene::prelude::*;

/// Runs `code` on a plain thread, and waits for it without blocking a scheduler.
async fn on_a_thread<T: Send + 'static>(code: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = blocking(|| thread::spawn(code).join()).await;
    thread.expect("the runtime runs").expect("the thread does not panic")
}

#[kerosene::test(real)]
async fn a_thread_can_send() {
    let me = pid();
    register("a thread can send", me).expect("nobody has the name");
    let address = alias();
    on_a_thread(move || {
        send(me, "to the pid");
        send("a thread can send", "to the name");
        send(address, "to the alias");
    })
    .await;
    for expected in ["to the pid", "to the name", "to the alias"] {
        receive! { text: &str => assert_eq!(text, expected) }
    }
}

#[kerosene::test(real)]
async fn a_tokio_task_can_send() {
    let me = pid();
    let task = tokio::spawn(async move {
        sleep(Duration::from_millis(1)).await;
        yield_now().await;
        send(me, is_alive(me).await);
        process_info(me).await.expect("it lives").pid
    });
    receive! { alive: bool => assert!(alive) }
    assert_eq!(task.await.expect("no panic"), me);
}

#[kerosene::test(real)]
async fn a_tokio_task_of_a_runtime_can_spawn_and_schedule() {
    let me = pid();
    tokio::spawn(async move {
        spawn(async move { send(me, "from a process") });
        schedule(Duration::from_millis(1), me, "from a timer");
    });
    receive! { "from a process": &str => () }
    receive! { "from a timer": &str => () }
}

#[kerosene::test(real)]
async fn a_thread_can_send_exit_signals() {
    let (victim, watch) = spawn_monitor(async { sleep(Duration::MAX).await });
    on_a_thread(move || exit_signal(victim, "from outside")).await;
    receive! {
        Down { monitor, reason, .. } if monitor == watch => {
            assert_eq!(reason, ExitReason::from("from outside"));
        }
    }
    trap_exit(true);
    let me = pid();
    on_a_thread(move || exit_signal(me, "hello")).await;
    receive! {
        Exit { pid: from, reason } => {
            assert_eq!(from.to_string(), "<0.0.0>", "the sender is no process");
            assert_eq!(reason, ExitReason::from("hello"));
        }
    }
}

#[kerosene::test(real)]
async fn a_thread_can_look_up_names() {
    let me = pid();
    let found = on_a_thread(move || {
        register("looked up by a thread", me).expect("nobody has the name");
        assert!(registered().iter().any(|name| *name == "looked up by a thread"));
        let found = whereis("looked up by a thread");
        assert_eq!(unregister("looked up by a thread"), Ok(me));
        found
    })
    .await;
    assert_eq!(found, Some(me));
    assert_eq!(whereis("looked up by a thread"), None);
}

#[kerosene::test(real)]
async fn a_thread_can_start_and_cancel_timers() {
    let me = pid();
    on_a_thread(move || {
        let kept = schedule(Duration::from_millis(1), me, "kept");
        let cancelled = schedule(Duration::from_hours(1), me, "cancelled");
        assert!(cancelled.remaining() > Some(Duration::from_mins(50)));
        assert!(cancelled.cancel().is_some());
        let _ = kept;
    })
    .await;
    receive! { text: &str => assert_eq!(text, "kept") }
}

/// The text of the panic of `code`.
fn panic_of(code: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let payload = catch_unwind(code).expect_err("it panics");
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}

#[test]
fn what_needs_a_process_panics_with_advice() {
    let cases: [(&str, fn()); 12] = [
        ("pid", || _ = pid()),
        ("link", || link("<0.9.9>".parse().expect("a pid"))),
        ("unlink", || unlink("<0.9.9>".parse().expect("a pid"))),
        ("monitor", || _ = monitor("nobody")),
        ("alias", || _ = alias()),
        ("exit", || exit("reason")),
        ("trap_exit", || _ = trap_exit(true)),
        ("set_label", || set_label("label")),
        ("put", || _ = kerosene::put("key", 1)),
        ("spawn_link", || _ = spawn_link(async {})),
        ("spawn", || _ = spawn(async {})),
        ("stop", stop),
    ];
    for (function, call) in cases {
        let text = panic_of(call);
        assert!(text.contains("kerosene::"), "{function}: {text}");
        let advises = text.contains("#[kerosene::main]") || text.contains("Runtime");
        assert!(advises || function == "stop", "{function} gives advice: {text}");
    }
}

#[kerosene::test(real)]
async fn messages_of_a_thread_arrive_in_order() {
    const COUNT: u32 = 10_000;
    let me = pid();
    register("in order", me).expect("nobody has the name");
    let address = alias();
    let threads = async {
        on_a_thread(move || {
            for n in 0..COUNT {
                match n % 3 {
                    0 => send(me, n),
                    1 => send("in order", n),
                    _ => send(address, n),
                }
            }
        })
        .await;
    };
    let check = async {
        for expected in 0..COUNT {
            receive! { n: u32 => assert_eq!(n, expected) }
        }
    };
    tokio::join!(threads, check);
}

#[kerosene::test(real, worker_threads = 4)]
async fn messages_of_many_threads_are_all_there() {
    const THREADS: u64 = 16;
    const EACH: u64 = 2_000;
    let me = pid();
    for t in 0..THREADS {
        thread::spawn(move || (0..EACH).for_each(|n| send(me, (t, n))));
    }
    let mut next = [0; 16];
    for _ in 0..THREADS * EACH {
        receive! {
            (t, n): (u64, u64) => {
                let next = &mut next[usize::try_from(t).expect("small")];
                assert_eq!(n, *next, "in the order of its sender");
                *next += 1;
            }
        }
    }
}

#[kerosene::test(real)]
async fn a_local_process_may_hold_what_is_not_send() {
    let parent = pid();
    let local = spawn_local(move || async move {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let here = thread::current().id();
        for _ in 0..100 {
            receive! { n: u32 => seen.borrow_mut().push(n) }
            yield_now().await;
            assert_eq!(thread::current().id(), here, "it never leaves its thread");
        }
        send(parent, Rc::try_unwrap(seen).expect("one owner").into_inner());
    });
    (0..100_u32).for_each(|n| send(local, n));
    receive! { seen: Vec<u32> => assert_eq!(seen, (0..100).collect::<Vec<_>>()) }
}

#[kerosene::test(real)]
async fn a_local_process_links_and_receives() {
    trap_exit(true);
    let parent = pid();
    let local = spawn_local(move || async move {
        link(parent);
        let child = spawn(async {
            receive! { "stop": &str => () }
        });
        let watch = monitor(child);
        send(child, "stop");
        receive! { Down { monitor, .. } if monitor == watch => () }
        sleep(Duration::from_millis(1)).await;
        exit("done")
    });
    receive! {
        Exit { pid, reason } => {
            assert_eq!((pid, reason), (local, ExitReason::from("done")));
        }
    }
    assert!(!is_alive(local).await);
}

#[kerosene::test(real)]
async fn a_local_process_can_be_killed() {
    let held = std::sync::Arc::new(());
    let inside = std::sync::Arc::clone(&held);
    let local = spawn_local(move || async move {
        let _held = (Rc::new(()), inside);
        sleep(Duration::MAX).await;
    });
    let watch = monitor(local);
    assert!(process_info(local).await.is_some());
    exit_signal(local, ExitReason::Kill);
    receive! {
        Down { monitor, reason, .. } if monitor == watch => assert_eq!(reason, ExitReason::Killed),
    }
    assert_eq!(std::sync::Arc::strong_count(&held), 1, "its body was dropped");
}

//! Where an exit signal stops a process, and what runs then: at an await, whatever is awaited, and
//! nothing but destructors.

use std::future::pending;
use std::pin::Pin;
use std::sync::mpsc;

use kerosene::prelude::*;
use tokio::sync::{Notify, oneshot};

use crate::down;

type Body = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Processes that wait for something that never comes, of every kind.
fn waiting_bodies() -> Vec<(&'static str, Body)> {
    fn boxed(body: impl Future<Output: Send> + Send + 'static) -> Body {
        Box::pin(async move { drop(body.await) })
    }
    let hour = Duration::from_hours(1);
    vec![
        (
            "receive",
            boxed(async {
                receive! { () => () }
            }),
        ),
        (
            "receive with a timeout",
            boxed(async move {
                receive! { () => (), after hour => () }
            }),
        ),
        ("sleep", boxed(sleep(hour))),
        ("sleep for ever", boxed(sleep(Duration::MAX))),
        ("a future that never wakes", boxed(pending::<()>())),
        ("a sleep of tokio's", boxed(async move { tokio::time::sleep(hour).await })),
        ("a notification", boxed(async { Notify::new().notified().await })),
        (
            "a channel",
            boxed(async {
                let (_sender, receiver) = oneshot::channel::<()>();
                receiver.await
            }),
        ),
        ("a task", boxed(async { tokio::spawn(pending::<()>()).await })),
        (
            "several things",
            boxed(async move {
                tokio::select! {
                    () = async { receive! { () => () } } => (),
                    () = sleep(hour) => (),
                    () = pending() => (),
                }
            }),
        ),
        (
            "the end of another",
            boxed(async {
                let watch = monitor(spawn_link(pending::<()>()));
                down(watch).await
            }),
        ),
    ]
}

async fn kill_who_waits() {
    for gets_to_run in [false, true] {
        for (what, body) in waiting_bodies() {
            let (victim, watch) = spawn_monitor(body);
            if gets_to_run {
                sleep(Duration::from_millis(1)).await;
                assert!(is_alive(victim).await, "{what}");
            }
            exit_signal(victim, "stop");
            assert_eq!(down(watch).await, ExitReason::from("stop"), "{what}");
        }
    }
}

#[kerosene::test(seeds = 50)]
async fn a_process_that_awaits_anything_can_be_killed() {
    kill_who_waits().await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_process_that_awaits_anything_can_be_killed_on_real_threads() {
    kill_who_waits().await;
}

async fn yields_for_ever() {
    loop {
        yield_now().await;
    }
}

#[kerosene::test(seeds = 50)]
async fn a_busy_process_is_killed_at_yield_now() {
    let (busy, watch) = spawn_monitor(yields_for_ever());
    yield_now().await;
    exit_signal(busy, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_busy_process_is_killed_at_yield_now_on_real_threads() {
    for _ in 0..200 {
        let busy: Vec<_> = (0..8).map(|_| spawn_monitor(yields_for_ever())).collect();
        for (busy, _) in &busy {
            exit_signal(*busy, "enough");
        }
        for (_, watch) in busy {
            assert_eq!(down(watch).await, ExitReason::from("enough"));
        }
    }
}

/// Always has its next message already.
async fn feeds_itself() {
    send(pid(), 0_u64);
    loop {
        receive! { n: u64 => send(pid(), n + 1) }
    }
}

/// Has more messages than it will ever have received.
async fn works_off_a_flood() {
    for n in 0..200_000_u64 {
        send(pid(), n);
    }
    for _ in 0..200_000 {
        receive! { _: u64 => () }
    }
    exit("it was never stopped")
}

async fn kill_who_receives() {
    for body in [Box::pin(feeds_itself()) as Body, Box::pin(works_off_a_flood())] {
        let (busy, watch) = spawn_monitor(body);
        yield_now().await;
        exit_signal(busy, "enough");
        assert_eq!(down(watch).await, ExitReason::from("enough"));
    }
}

#[kerosene::test(seeds = 10)]
async fn a_process_whose_receives_always_match_can_be_killed() {
    kill_who_receives().await;
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_process_whose_receives_always_match_can_be_killed_on_real_threads() {
    for _ in 0..20 {
        kill_who_receives().await;
    }
}

/// Says its name when it is dropped.
struct Says(&'static str, Pid);

impl Drop for Says {
    fn drop(&mut self) {
        send(self.1, (self.0, pid()));
    }
}

#[kerosene::test(seeds = 100)]
async fn kill_runs_destructors_and_nothing_else() {
    let test = pid();
    let (victim, watch) = spawn_monitor(async move {
        let _outer = Says("outer", test);
        let inner = async {
            let _inner = Says("inner", test);
            send(test, ("begun", pid()));
            receive! { () => () }
            send(test, ("went on", pid()));
        };
        inner.await;
        send(test, ("went on", pid()));
    });
    receive! { what: (&str, Pid) => assert_eq!(what, ("begun", victim)) }
    send(victim, "never received");
    exit_signal(victim, ExitReason::Kill);
    send(victim, ());
    for expected in ["inner", "outer"] {
        receive! { what: (&str, Pid) => assert_eq!(what, (expected, victim)) }
    }
    receive! { Down { monitor, reason, .. } => {
        assert_eq!((monitor, reason), (watch, ExitReason::Killed));
    } }
    receive! { what: (&str, Pid) => panic!("{what:?}"), after Duration::ZERO => () }
}

/// Tells when it is dropped.
struct TellsWhenDropped(Option<oneshot::Sender<()>>);

impl Drop for TellsWhenDropped {
    fn drop(&mut self) {
        let _ = self.0.take().expect("dropped once").send(());
    }
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_process_in_blocking_can_be_killed() {
    let test = pid();
    let (begun, has_begun) = oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let (dropped, is_dropped) = oneshot::channel();
    let result = TellsWhenDropped(Some(dropped));
    let (victim, watch) = spawn_monitor(async move {
        let result = blocking(move || {
            begun.send(pid()).expect("the test waits");
            released.recv().expect("the test lets it go on");
            send(test, "from the dead");
            result
        });
        drop(result.await);
        send(test, "it went on");
    });
    assert_eq!(has_begun.await, Ok(victim));
    exit_signal(victim, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed, "at once: the closure still blocks");
    release.send(()).expect("the closure waits");
    is_dropped.await.expect("the result of the closure is dropped");
    receive! { word: &str => panic!("{word}"), after Duration::ZERO => () }
}

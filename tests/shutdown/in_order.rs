//! What processes see of a stop, and what is left of them.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::time::Instant;

use kerosene::prelude::*;
use kerosene::{StopCause, Stopped, stop};

use super::{Dropped, Guard, LONG, runtime, wait_with};

/// Spawns a process that sends the first `Exit` it traps down a channel.
fn spawn_listener(told: &mpsc::Sender<Exit>) {
    let told = told.clone();
    spawn_opt(SpawnOptions::new().trap_exit(), async move {
        receive! { exit: Exit => told.send(exit).expect("the test listens") }
    });
}

/// Runs a process with others beside it, and checks that all were told to shut down.
fn stop_all_by(first: impl Future<Output = ()> + Send + 'static) -> Stopped {
    const EACH: usize = 20;
    let (told, hears) = mpsc::channel();
    let dropped = Dropped::default();
    let guards = dropped.clone();
    let stopped = runtime().run(async move {
        for _ in 0..EACH {
            spawn(wait_with(guards.guard()));
            let guard = guards.guard();
            spawn_local(move || wait_with(guard));
            spawn_listener(&told);
        }
        drop(told);
        first.await;
    });
    assert_eq!((stopped.killed, stopped.abandoned), (0, 0));
    assert_eq!(dropped.count(), 2 * EACH, "their bodies are dropped when `run` returns");
    let exits: Vec<Exit> = hears.iter().collect();
    assert_eq!(exits.len(), EACH);
    assert!(exits.iter().all(|exit| exit.reason == ExitReason::Shutdown));
    assert!(exits.iter().all(|exit| exit.pid.to_string() == "<0.0.0>"), "from no process");
    stopped
}

#[test]
fn the_end_of_the_first_process_stops_all() {
    for _ in 0..20 {
        let stopped = stop_all_by(async {});
        assert_eq!((stopped.cause, &stopped.reason), (StopCause::Finished, &ExitReason::Normal));
        assert_eq!(stopped.exit_code(), 0);
    }
}

#[test]
fn a_first_process_ended_by_a_link_tells_so() {
    let stopped = stop_all_by(async {
        spawn_link(async { exit(ExitReason::Shutdown) });
        sleep(Duration::MAX).await;
    });
    assert_eq!((stopped.cause, &stopped.reason), (StopCause::ExitSignal, &ExitReason::Shutdown));
    assert_eq!(stopped.exit_code(), 1);
}

#[test]
fn stop_sends_shutdown_to_all() {
    for _ in 0..20 {
        let stopped = stop_all_by(async {
            stop();
            stop();
            sleep(Duration::MAX).await;
        });
        assert_eq!((stopped.cause, &stopped.reason), (StopCause::Stopped, &ExitReason::Shutdown));
        assert_eq!(stopped.exit_code(), 0);
    }
    // Asking twice does not stop the next one.
    let stopped = runtime().run(async {
        for _ in 0..100 {
            yield_now().await;
        }
    });
    assert_eq!(stopped.cause, StopCause::Finished);
}

#[test]
fn any_process_may_stop_all() {
    let stopped = stop_all_by(async {
        trap_exit(true);
        spawn(async { stop() });
        receive! { Exit { reason, .. } => exit(ExitReason::shutdown_with(reason.to_string())) }
    });
    assert_eq!(stopped.cause, StopCause::Stopped);
    assert_eq!(stopped.reason, ExitReason::shutdown_with("shutdown".to_owned()));
}

#[test]
fn who_traps_exits_may_finish_before_the_deadline() {
    let (finished, is_finished) = mpsc::channel();
    let stopped = runtime().run(async move {
        let options = SpawnOptions::new().trap_exit();
        spawn_opt(options, async move {
            receive! { Exit { .. } => () }
            sleep(Duration::from_millis(20)).await;
            let sum = blocking(|| (1..=100).sum::<u32>()).await.expect("no panic");
            let me = pid();
            schedule(Duration::from_millis(1), me, "a timer");
            receive! { "a timer" => () }
            finished.send(sum).expect("the test listens");
        });
    });
    assert_eq!((stopped.killed, stopped.exit_code()), (0, 0));
    assert_eq!(is_finished.try_recv(), Ok(5050), "`run` has waited for it");
}

/// Runs a process beside one that is still there at a short deadline.
fn stop_beside(stubborn: impl Future<Output = ()> + Send + 'static) -> Stopped {
    let deadline = Duration::from_millis(50);
    let builder = Runtime::builder().worker_threads(2).stop_deadline(deadline);
    let begun = Instant::now();
    let stopped = builder.build().expect("threads").run(async {
        let test = pid();
        spawn_opt(SpawnOptions::new().trap_exit(), async move {
            send(test, "begun");
            stubborn.await;
        });
        receive! { "begun" => () }
    });
    assert!(begun.elapsed() >= deadline, "it had its time");
    assert!(begun.elapsed() < LONG, "and no more than that");
    assert_eq!(stopped.exit_code(), 70);
    stopped
}

#[test]
fn who_outlives_the_deadline_is_killed() {
    let dropped = Dropped::default();
    let guard = dropped.guard();
    let stopped = stop_beside(async move {
        let _guard = guard;
        loop {
            receive! { Exit { .. } => () }
        }
    });
    assert_eq!((stopped.killed, stopped.abandoned), (1, 0));
    assert_eq!((stopped.cause, stopped.reason), (StopCause::Finished, ExitReason::Normal));
    assert_eq!(dropped.count(), 1);
}

#[test]
fn a_process_in_a_long_poll_does_not_hang_the_stop() {
    for _ in 0..3 {
        let is_over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_over);
        let stopped = stop_beside(async move {
            while !told.load(Relaxed) {
                spin_loop();
            }
        });
        assert_eq!((stopped.killed, stopped.abandoned), (1, 1));
        // What was abandoned does not disturb the next runtime.
        let next = stop_all_by(async {});
        is_over.store(true, Relaxed);
        assert_eq!(next.reason, ExitReason::Normal);
    }
}

#[test]
fn blocking_work_does_not_hang_the_stop() {
    let (release, is_released) = mpsc::channel::<()>();
    let dropped = Dropped::default();
    let (guard, inner) = (dropped.guard(), dropped.guard());
    let stopped = runtime().run(async move {
        let test = pid();
        spawn(async move {
            let _guard = guard;
            let _ = blocking(move || {
                let _inner = inner;
                send(test, "begun");
                is_released.recv()
            })
            .await;
        });
        receive! { "begun" => () }
    });
    assert_eq!((stopped.killed, stopped.exit_code()), (0, 0));
    assert_eq!(dropped.count(), 1, "the process has ended, its closure has not");
    drop(release);
}

#[test]
fn a_process_spawned_while_stopping_is_stopped() {
    for _ in 0..20 {
        let dropped = Dropped::default();
        let guards = dropped.clone();
        let stopped = runtime().run(async move {
            for _ in 0..10 {
                let guards = guards.clone();
                spawn_opt(SpawnOptions::new().trap_exit(), async move {
                    receive! { Exit { .. } => () }
                    spawn(wait_with(guards.guard()));
                    let guard = guards.guard();
                    spawn_local(move || wait_with(guard));
                    spawn_link(wait_with(guards.guard()));
                    receive! { Exit { .. } => () }
                });
            }
        });
        assert_eq!((stopped.killed, stopped.abandoned), (0, 0));
        assert_eq!(dropped.count(), 30);
    }
}

/// Spawns another when it is dropped.
struct Hydra(Guard);

impl Drop for Hydra {
    fn drop(&mut self) {
        let head = Hydra(self.0.0.guard());
        spawn(async move {
            let _head = head;
            sleep(Duration::MAX).await;
        });
    }
}

#[test]
fn who_spawns_another_at_its_end_does_not_hang_the_stop() {
    let dropped = Dropped::default();
    let first = Hydra(dropped.guard());
    let stopped = stop_beside(async move {
        let _first = first;
        sleep(Duration::MAX).await;
    });
    assert!(stopped.killed > 0);
    assert!(dropped.count() > 0);
}

#[test]
fn run_returns_the_reason_of_the_first_process() {
    let reason = kerosene::run(async {});
    assert_eq!(reason, ExitReason::Normal);
    let reason = kerosene::run(async { exit("a reason") });
    assert_eq!(reason, ExitReason::from("a reason"));
    let reason = kerosene::run(async { Err::<(), _>("an error") });
    assert_eq!(reason, ExitReason::error("an error"));
    let panicked = std::panic::catch_unwind(|| kerosene::run(async { panic!("on purpose") }));
    let payload = panicked.expect_err("a panic goes on outside");
    assert_eq!(payload.downcast_ref(), Some(&String::from("on purpose")));
    let reason = kerosene::run(async {
        exit_signal(pid(), ExitReason::Kill);
        sleep(Duration::MAX).await;
    });
    assert_eq!(reason, ExitReason::Killed);
    let reason = kerosene::run(async {
        spawn(async { exit("somebody else") });
        sleep(Duration::from_millis(1)).await;
        ExitReason::Shutdown
    });
    assert_eq!(reason, ExitReason::Shutdown);
    // While stopping it may still end otherwise.
    let reason = kerosene::run(async {
        trap_exit(true);
        stop();
        receive! { Exit { .. } => exit("could not tidy up") }
    });
    assert_eq!(reason, ExitReason::from("could not tidy up"));
}

//! Runtimes beside each other, and inside tokio runtimes that live longer.

use std::sync::mpsc;

use kerosene::prelude::*;
use kerosene::{StopCause, stop};
use tokio::runtime::{Builder, Handle};

use super::{Dropped, runtime, wait_with};

#[test]
fn runtimes_live_and_end_apart() {
    for _ in 0..20 {
        let (ours, theirs) = (runtime(), runtime());
        let dropped = Dropped::default();
        let neighbour = theirs.spawn(wait_with(dropped.guard()));
        let guard = dropped.guard();
        let local_neighbour = theirs.spawn(async { local_process_with(guard).await });
        let (stop_them, is_time) = mpsc::channel::<()>();
        let them = std::thread::spawn(move || {
            theirs.run(async move {
                let _ = blocking(move || is_time.recv()).await;
                stop();
                sleep(Duration::MAX).await;
            })
        });
        let stopped = ours.run(async move {
            trap_exit(true);
            let bystander = spawn_link(async { sleep(Duration::MAX).await });
            link(neighbour);
            let watches = [monitor(neighbour), monitor(local_neighbour)];
            let timer = schedule(Duration::from_hours(1), neighbour, "much later");
            assert!(is_alive(neighbour).await);
            assert!(processes().contains(&bystander) && !processes().contains(&neighbour));
            drop(stop_them);
            receive! { Exit { pid, reason } if pid == neighbour => {
                assert_eq!(reason, ExitReason::Shutdown);
            } }
            for watch in watches {
                receive! { Down { monitor, reason, .. } if monitor == watch => {
                    assert_eq!(reason, ExitReason::Shutdown);
                } }
            }
            assert_eq!(timer.remaining(), None);
            assert!(is_alive(bystander).await, "the end of the others is not ours");
            let theirs = blocking(move || them.join()).await.expect("no panic").expect("no panic");
            assert_eq!((theirs.cause, theirs.killed), (StopCause::Stopped, 0));
            send(neighbour, "too late");
            assert!(!is_alive(neighbour).await);
            sleep(Duration::from_millis(1)).await;
            assert!(is_alive(bystander).await, "our timers and schedulers run on");
        });
        assert_eq!((stopped.cause, stopped.reason), (StopCause::Finished, ExitReason::Normal));
        assert_eq!(dropped.count(), 2);
    }
}

/// Waits until a local process has ended. (Where it ends before the monitor is set, its reason is
/// not known.)
async fn local_process_with(guard: super::Guard) -> ExitReason {
    let local = spawn_local(move || wait_with(guard));
    let watch = monitor(local);
    receive! { Down { monitor, .. } if monitor == watch => ExitReason::Shutdown }
}

/// A runtime in a tokio runtime, and what goes on in that afterwards.
async fn join_and_stop() {
    let dropped = Dropped::default();
    for _ in 0..10 {
        let before = dropped.count();
        let runtime = Runtime::builder().tokio(Handle::current()).build().expect("it joins");
        runtime.spawn(wait_with(dropped.guard()));
        let guard = dropped.guard();
        runtime.spawn(async { local_process_with(guard).await });
        let stopped = runtime
            .run_async(async {
                let task = tokio::spawn(async { 7 });
                assert_eq!(task.await.expect("no panic"), 7);
                sleep(Duration::from_millis(1)).await;
            })
            .await;
        assert_eq!((stopped.reason, stopped.killed), (ExitReason::Normal, 0));
        assert_eq!(dropped.count(), before + 2);
        let task = tokio::spawn(async { tokio::time::sleep(Duration::from_millis(1)).await });
        task.await.expect("tokio goes on");
    }
}

#[test]
fn a_joined_tokio_runtime_of_one_thread_goes_on() {
    let tokio = Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio.block_on(join_and_stop());
}

#[test]
fn a_joined_tokio_runtime_of_many_threads_goes_on() {
    let tokio = Builder::new_multi_thread().worker_threads(4).enable_all().build();
    tokio.expect("threads").block_on(join_and_stop());
}

#[test]
fn a_runtime_can_be_stopped_from_outside() {
    let tokio = Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio.block_on(async {
        let dropped = Dropped::default();
        let runtime = Runtime::builder().tokio(Handle::current()).build().expect("it joins");
        runtime.spawn(wait_with(dropped.guard()));
        assert_eq!(runtime.process_count(), 1);
        let stopped = runtime.stop().await;
        assert_eq!((stopped.cause, stopped.reason), (StopCause::Stopped, ExitReason::Shutdown));
        assert_eq!(dropped.count(), 1);
    });
}

#[test]
fn a_run_that_is_dropped_kills_its_processes() {
    let tokio = Builder::new_current_thread().enable_all().build().expect("a runtime");
    tokio.block_on(async {
        let (guard, mut is_dropped) = tokio::sync::mpsc::channel::<()>(1);
        let runtime = Runtime::builder().tokio(Handle::current()).build().expect("it joins");
        let run = runtime.run_async(async move {
            trap_exit(true);
            let _guard = guard;
            loop {
                receive! { Exit { .. } => () }
            }
        });
        let timeout = tokio::time::timeout(Duration::from_millis(1), run);
        assert!(timeout.await.is_err(), "it would run for ever");
        assert_eq!(is_dropped.recv().await, None, "its end of the channel is dropped");
    });
}

//! Many children: stopping them takes seconds, and leaves none.

use std::sync::mpsc;
use std::time::Instant;

use kerosene::otp::{StartChildError, StartError};
use kerosene::prelude::*;

use super::secs;

/// More than this is no longer seconds, on any machine.
const SECONDS_MAX: u64 = 60;

fn idle() -> ChildSpec {
    ChildSpec::process("idle", || async { sleep(Duration::MAX).await })
}

/// A supervisor of ten with ten thousand children each.
async fn start_tree() -> Result<SupervisorRef, StartChildError> {
    let groups = (0..10).map(|number| format!("group {number}"));
    let spec = |group| DynamicSupervisor::new().child_spec(group);
    let top = Supervisor::default().children(groups.clone().map(spec));
    let top = top.start_link().await.map_err(StartChildError::Start)?;
    for group in groups {
        let group = DynamicSupervisorRef::from(top.child(group).await.expect("it runs"));
        for _ in 0..10_000 {
            group.start_child(idle()).await?;
        }
    }
    Ok(top)
}

#[kerosene::test(real)]
async fn a_tree_of_a_hundred_thousand_processes_stops_in_seconds() -> Result<(), StartChildError> {
    let before = process_count();
    let top = start_tree().await?;
    assert_eq!(process_count(), before + 100_011);
    let begun = Instant::now();
    top.stop().await;
    assert_eq!(process_count(), before);
    assert!(begun.elapsed() < secs(SECONDS_MAX), "{:?}", begun.elapsed());
    Ok(())
}

#[test]
fn a_runtime_stops_a_hundred_thousand_processes_in_seconds() {
    let (started, is_started) = mpsc::channel();
    let runtime = Runtime::builder().worker_threads(2).stop_deadline(2 * secs(SECONDS_MAX));
    let stopped = runtime.build().expect("a runtime").run(async move {
        start_tree().await.expect("all start");
        assert_eq!(process_count(), 100_012);
        started.send(Instant::now()).expect("the test listens");
    });
    let time = is_started.recv().expect("they have started").elapsed();
    assert_eq!((stopped.killed, stopped.abandoned), (0, 0));
    assert!(time < secs(SECONDS_MAX), "{time:?}");
}

#[kerosene::test(real)]
async fn ten_thousand_children_in_order_stop_in_seconds() -> Result<(), StartError> {
    let before = process_count();
    let children = (0..10_000).map(|number| idle().with_id(format!("child {number}")));
    let top = Supervisor::new(Strategy::OneForAll).children(children).start_link().await?;
    assert_eq!(process_count(), before + 10_001);
    // All are stopped and started again, once.
    let first = top.child("child 0").await.expect("it runs");
    exit_signal(first, ExitReason::Kill);
    super::restarted(top, "child 0", first).await;
    let begun = Instant::now();
    top.stop().await;
    assert_eq!(process_count(), before);
    assert!(begun.elapsed() < secs(SECONDS_MAX), "{:?}", begun.elapsed());
    Ok(())
}

#[test]
fn a_runtime_that_stops_has_to_kill_nobody() {
    for _ in 0..10 {
        let runtime = Runtime::builder().worker_threads(2).build().expect("a runtime");
        let stopped = runtime.run(async {
            let waits = |number| {
                let body = || async {
                    trap_exit(true);
                    receive! { Exit { reason, .. } => reason }
                };
                ChildSpec::process(format!("child {number}"), body)
            };
            let inner = Supervisor::new(Strategy::OneForAll).children((0..50).map(waits));
            let top = Supervisor::default().children((0..50).map(idle_number));
            let top = top.child(inner.child_spec("inner")).start_link().await;
            let dynamic = DynamicSupervisor::new().start_link().await.expect("it has no name");
            for _ in 0..50 {
                assert!(dynamic.start_child(idle()).await.is_ok());
            }
            assert!(top.is_ok());
        });
        assert_eq!((stopped.killed, stopped.abandoned), (0, 0));
        assert_eq!(stopped.exit_code(), 0);
    }
}

fn idle_number(number: u32) -> ChildSpec {
    idle().with_id(format!("idle {number}"))
}

//! Many children: stopping them takes seconds, and leaves none.

use std::time::Instant;

use kerosene::otp::{StartChildError, StartError};
use kerosene::prelude::*;

use super::secs;

/// More than this is no longer seconds, on any machine.
const SECONDS_MAX: u64 = 60;

fn idle() -> ChildSpec {
    ChildSpec::process("idle", || async { sleep(Duration::MAX).await })
}

#[kerosene::test(real)]
async fn a_tree_of_a_hundred_thousand_processes_stops_in_seconds() -> Result<(), StartChildError> {
    let before = process_count();
    let mut top = Supervisor::default();
    for number in 0..10 {
        let group = format!("group {number}");
        let supervisor = DynamicSupervisor::new().name(group.as_str());
        top = top.child(supervisor.child_spec(group.as_str()));
    }
    let top = top.start_link().await.map_err(StartChildError::Start)?;
    for number in 0..10 {
        let name = format!("group {number}");
        let group = DynamicSupervisorRef::named(name).expect("it has started");
        for _ in 0..10_000 {
            group.start_child(idle()).await?;
        }
    }
    assert_eq!(process_count(), before + 100_011);
    let begun = Instant::now();
    top.stop().await;
    assert_eq!(process_count(), before);
    assert!(begun.elapsed() < secs(SECONDS_MAX), "{:?}", begun.elapsed());
    Ok(())
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

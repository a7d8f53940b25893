//! Monitors: section 4 of SEMANTICS.md, seen from outside.
//!
//! A monitor is heard at most once, with the reason or with `NoProc`; taken back, it is not heard
//! at all. Which of these it is when both ends act at once is the subject of `races`.

mod firing;
#[path = "../common/race.rs"]
mod race;
mod races;
mod taking_back;

use kerosene::prelude::*;

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// No `Down` is in the mailbox, nor on its way from processes that have ended.
async fn hears_no_down() {
    for _ in 0..3 {
        receive! { down: Down => panic!("{down:?}"), after Duration::ZERO => () }
        yield_now().await;
    }
}

/// A process that lives until it is told `"end"`.
fn idle() -> Pid {
    spawn(async {
        receive! { "end" => exit("told to") }
    })
}

/// A process that has ended, with a reason of its own.
async fn dead() -> Pid {
    let (dead, watch) = spawn_monitor(async { exit("a reason of its own") });
    assert_eq!(down(watch).await, ExitReason::from("a reason of its own"));
    dead
}

/// Who watches a process.
async fn watchers_of(pid: Pid) -> Vec<Pid> {
    process_info(pid).await.expect("it is alive").monitored_by
}

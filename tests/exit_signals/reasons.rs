//! What a process says by the way it ends: a return, an error, `exit`, a signal.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kerosene::prelude::*;

use crate::down;

#[derive(Debug, Clone, Copy, PartialEq)]
struct OutOfPaper {
    tray: u32,
}

impl fmt::Display for OutOfPaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tray {} is empty", self.tray)
    }
}

impl std::error::Error for OutOfPaper {}

#[kerosene::test(seeds = 20)]
async fn a_body_that_returns_ends_normal() {
    let (_, unit) = spawn_monitor(async {});
    let (_, ok) = spawn_monitor(async { Ok::<(), OutOfPaper>(()) });
    let (_, late) = spawn_monitor(async { sleep(Duration::from_secs(1)).await });
    for watch in [unit, ok, late] {
        assert_eq!(down(watch).await, ExitReason::Normal);
    }
}

#[kerosene::test(seeds = 20)]
async fn a_returned_reason_is_the_reason() {
    let reasons = [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::shutdown_with(7),
        ExitReason::Kill,
        ExitReason::Killed,
        ExitReason::NoProc,
        ExitReason::from("tired"),
        ExitReason::other(OutOfPaper { tray: 2 }),
    ];
    for reason in reasons {
        let returned = reason.clone();
        let (_, watch) = spawn_monitor(async move { returned });
        assert_eq!(down(watch).await, reason);
        let within_ok = reason.clone();
        let (_, watch) = spawn_monitor(async move { Ok::<_, OutOfPaper>(within_ok) });
        assert_eq!(down(watch).await, reason);
    }
}

#[kerosene::test(seeds = 20)]
async fn a_returned_error_is_kept_in_the_reason() {
    let (_, watch) = spawn_monitor(async { Err::<(), _>(OutOfPaper { tray: 3 }) });
    let reason = down(watch).await;
    assert!(reason.is_abnormal());
    let ExitReason::Error(error) = reason else { panic!("not an error: {reason}") };
    assert_eq!(error.downcast_ref(), Some(&OutOfPaper { tray: 3 }));

    // The innermost failure counts, however deep it is.
    let (_, watch) = spawn_monitor(async { Ok::<_, OutOfPaper>(Err::<(), _>("no ink")) });
    assert_eq!(down(watch).await, ExitReason::error("no ink"));
}

#[kerosene::test(seeds = 20)]
async fn exit_ends_with_its_reason() {
    async fn deep_inside(levels: u32) {
        if levels == 0 {
            exit(ExitReason::other(OutOfPaper { tray: 4 }))
        }
        yield_now().await;
        Box::pin(deep_inside(levels - 1)).await;
    }
    let (_, text) = spawn_monitor(async { exit("text") });
    assert_eq!(down(text).await, ExitReason::from(String::from("text")));
    let (_, value) = spawn_monitor(deep_inside(5));
    assert_eq!(down(value).await, ExitReason::other(OutOfPaper { tray: 4 }));
    let (_, normal) = spawn_monitor(async { exit(ExitReason::Normal) });
    assert_eq!(down(normal).await, ExitReason::Normal);
    // Only the signal `Kill` becomes `Killed`.
    let (_, kill) = spawn_monitor(async { exit(ExitReason::Kill) });
    assert_eq!(down(kill).await, ExitReason::Kill);
}

#[kerosene::test(seeds = 20)]
async fn nothing_runs_after_exit() {
    let went_on = Arc::new(AtomicBool::new(false));
    let goes_on = || {
        let went_on = went_on.clone();
        move || went_on.store(true, Ordering::Relaxed)
    };
    let (in_callee, beside, behind) = (goes_on(), goes_on(), goes_on());
    let (_, watch) = spawn_monitor(async move {
        let ends = async {
            if process_count() > 0 {
                exit("here");
            }
            in_callee();
        };
        tokio::select! {
            biased;
            () = ends => (),
            () = async { beside() } => (),
        }
        behind();
    });
    assert_eq!(down(watch).await, ExitReason::from("here"));
    assert!(!went_on.load(Ordering::Relaxed));
}

#[kerosene::test(seeds = 20)]
async fn kill_ends_as_killed() {
    let (victim, watch) = spawn_monitor(sleep(Duration::MAX));
    exit_signal(victim, ExitReason::Kill);
    let reason = down(watch).await;
    assert_eq!(reason, ExitReason::Killed);
    assert_ne!(reason, ExitReason::Kill);
}

#[kerosene::test]
async fn abnormal_is_all_but_normal_and_shutdown() {
    let (_, watch) = spawn_monitor(async { panic!("on purpose") });
    let quiet = [ExitReason::Normal, ExitReason::Shutdown, ExitReason::shutdown_with("moved")];
    let abnormal = [
        ExitReason::Kill,
        ExitReason::Killed,
        ExitReason::NoProc,
        ExitReason::NoConnection,
        ExitReason::from("normal"),
        ExitReason::error("no ink"),
        ExitReason::other(0),
        down(watch).await,
    ];
    assert!(!quiet.iter().any(ExitReason::is_abnormal));
    assert!(abnormal.iter().all(ExitReason::is_abnormal));
}

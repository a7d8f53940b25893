//! Restarts that fail, and what a supervisor does until they succeed: SUP-9.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kerosene::otp::{
    Backoff, ChildError, ChildSpec, ChildState, StartChildError, StartError, Strategy, Supervisor,
    SupervisorRef,
};
use kerosene::prelude::*;

use super::{down, end, logged, notes, restarted, running, secs, start_logged};

/// A child that starts the first time, then fails as often as `failures` says, then starts again.
fn reluctant(log: Pid, id: &'static str, failures: &Arc<AtomicU32>) -> ChildSpec {
    let failures = Arc::clone(failures);
    let starts = Arc::new(AtomicU32::new(0));
    ChildSpec::new(id, move || {
        let is_first = starts.fetch_add(1, Ordering::Relaxed) == 0;
        let fails = !is_first
            && failures
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                .is_ok();
        async move {
            if fails {
                send(log, super::Note(format!("!{id}")));
                return Err(StartError::Failed("not yet".into()));
            }
            start_logged(log, id).await
        }
    })
}

async fn tree(strategy: Strategy, failures: u32, backoff: Option<Backoff>) -> SupervisorRef {
    let me = pid();
    let mut b = reluctant(me, "b", &Arc::new(AtomicU32::new(failures)));
    if let Some(backoff) = backoff {
        b = b.backoff(backoff);
    }
    let supervisor = Supervisor::new(strategy)
        .intensity(10, secs(60))
        .children([logged(me, "a"), b, logged(me, "c")])
        .start_link()
        .await
        .expect("its children start");
    notes().await;
    supervisor
}

#[kerosene::test(seeds = 20)]
async fn a_failed_restart_is_tried_again() {
    let supervisor = tree(Strategy::OneForOne, 3, None).await;
    let old = end("b", "boom").await;
    restarted(supervisor, "b", old).await;
    assert_eq!(notes().await, "!b !b !b +b");
}

#[kerosene::test(seeds = 20)]
async fn every_retry_counts() {
    let supervisor = tree(Strategy::OneForOne, 100, None).await;
    let watch = monitor(supervisor);
    unlink(supervisor.pid());
    end("b", "boom").await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(notes().await, format!("{}-c -a", "!b ".repeat(10)));
}

#[kerosene::test(seeds = 20)]
async fn one_for_all_stops_what_it_had_started_in_a_failed_attempt() {
    let supervisor = tree(Strategy::OneForAll, 2, None).await;
    let old = end("c", "boom").await;
    restarted(supervisor, "c", old).await;
    assert_eq!(notes().await, "-b -a +a !b -a +a !b -a +a +b +c");
}

#[kerosene::test(seeds = 20)]
async fn rest_for_one_retries_from_the_child_that_failed() {
    let supervisor = tree(Strategy::RestForOne, 2, None).await;
    let old = end("a", "boom").await;
    restarted(supervisor, "a", old).await;
    restarted(supervisor, "c", old).await;
    assert_eq!(notes().await, "-c -b +a !b !b +b +c");
}

#[kerosene::test(seeds = 20)]
async fn a_supervisor_answers_while_it_restarts() {
    let backoff = Backoff::new(secs(5), secs(5));
    let supervisor = tree(Strategy::OneForOne, 3, Some(backoff)).await;
    let me = pid();
    end("b", "boom").await;
    sleep(secs(7)).await;
    let children = supervisor.which_children().await.expect("it runs");
    assert_eq!(children[1].state, ChildState::Restarting);
    let counts = supervisor.count_children().await.expect("it runs");
    assert_eq!((counts.specs, counts.active, counts.workers), (3, 2, 3));
    let started = supervisor.start_child(logged(me, "b")).await;
    assert_eq!(started, Err(StartChildError::AlreadyPresent));
    assert_eq!(supervisor.restart_child("b").await, Err(ChildError::Restarting));
    assert_eq!(supervisor.delete_child("b").await, Err(ChildError::Restarting));
    assert_eq!(supervisor.terminate_child("b").await, Ok(()));
    sleep(secs(60)).await;
    assert_eq!(running(supervisor).await, ["a", "c"]);
    assert_eq!(supervisor.delete_child("b").await, Ok(()));
}

#[kerosene::test(seeds = 50)]
async fn a_supervisor_whose_child_never_starts_can_be_stopped() {
    let me = pid();
    let b = reluctant(me, "b", &Arc::new(AtomicU32::new(u32::MAX)));
    let supervisor = Supervisor::default().intensity(u32::MAX, secs(1)).child(b).start_link();
    let supervisor = supervisor.await.expect("its child starts the first time");
    end("b", "boom").await;
    for _ in 0..5 {
        assert!(running(supervisor).await.is_empty());
    }
    supervisor.stop().await;
}

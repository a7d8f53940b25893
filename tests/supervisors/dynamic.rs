//! Children that come and go: dynamic supervisors, and partitions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kerosene::otp::{
    Backoff, ChildError, ChildSpec, ChildState, DynamicSupervisor, DynamicSupervisorRef,
    PartitionSupervisor, Restart, Shutdown, SpecError, StartChildError, StartError,
};
use kerosene::prelude::*;
use tokio::time::Instant;

use super::{down, secs};

async fn supervisor() -> DynamicSupervisorRef {
    DynamicSupervisor::new().start_link().await.expect("it has no name")
}

/// A child that ends for the reason it is sent.
fn child(restart: Restart) -> ChildSpec {
    let body = || async {
        receive! { reason: ExitReason => reason }
    };
    ChildSpec::process("child", body).restart(restart)
}

async fn start(supervisor: DynamicSupervisorRef, restart: Restart) -> Pid {
    supervisor.start_child(child(restart)).await.expect("it starts")
}

/// The pids of the children that run.
async fn pids(supervisor: DynamicSupervisorRef) -> Vec<Pid> {
    let children = supervisor.which_children().await.expect("it runs");
    children.iter().filter_map(|child| child.state.pid()).collect()
}

#[kerosene::test(seeds = 20)]
async fn children_restart_alone_and_as_their_specs_say() {
    let supervisor = supervisor().await;
    let table = [
        (Restart::Permanent, ExitReason::Normal, true),
        (Restart::Transient, ExitReason::Normal, false),
        (Restart::Transient, "boom".into(), true),
        (Restart::Temporary, "boom".into(), false),
    ];
    let other = start(supervisor, Restart::Permanent).await;
    for (restart, reason, is_restarted) in table {
        let pid = start(supervisor, restart).await;
        let watch = monitor(pid);
        send(pid, reason);
        down(watch).await;
        sleep(secs(10)).await;
        let pids = pids(supervisor).await;
        assert!(pids.contains(&other) && !pids.contains(&pid));
        assert_eq!(pids.len(), 1 + usize::from(is_restarted), "{restart:?}");
        for pid in pids.into_iter().filter(|pid| *pid != other) {
            supervisor.terminate_child(pid).await.expect("it is there");
        }
    }
}

#[kerosene::test(seeds = 20)]
async fn there_are_at_most_max_children() {
    let supervisor = DynamicSupervisor::new().max_children(2).start_link().await;
    let supervisor = supervisor.expect("it has no name");
    let first = start(supervisor, Restart::Temporary).await;
    start(supervisor, Restart::Temporary).await;
    let third = || supervisor.start_child(child(Restart::Temporary));
    assert_eq!(third().await, Err(StartChildError::MaxChildren));
    supervisor.terminate_child(first).await.expect("it is there");
    assert!(third().await.is_ok());
}

#[kerosene::test(seeds = 20)]
async fn terminate_child_knows_its_own_and_the_dead() {
    let supervisor = supervisor().await;
    let pid = start(supervisor, Restart::Permanent).await;
    assert_eq!(supervisor.terminate_child(pid).await, Ok(()));
    assert!(!is_alive(pid).await);
    assert_eq!(supervisor.terminate_child(pid).await, Ok(()));
    let stranger = spawn(async { sleep(Duration::MAX).await });
    assert_eq!(supervisor.terminate_child(stranger).await, Err(ChildError::NotFound));
    assert!(is_alive(stranger).await);
    let counts = supervisor.count_children().await.expect("it runs");
    assert_eq!((counts.specs, counts.active), (0, 0));
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_does_not_start_is_not_kept() {
    let supervisor = supervisor().await;
    for error in [StartError::Ignored, StartError::Failed("no".into())] {
        let expected = match error.clone() {
            StartError::Ignored => StartChildError::Ignored,
            error => StartChildError::Start(error),
        };
        let spec = ChildSpec::new("a", move || {
            let error = error.clone();
            async { Err::<Pid, _>(error) }
        });
        assert_eq!(supervisor.start_child(spec).await, Err(expected));
    }
    let significant = child(Restart::Transient).significant();
    let error = SpecError::SignificantDynamic("child".into());
    assert_eq!(supervisor.start_child(significant).await, Err(StartChildError::Spec(error)));
    assert!(pids(supervisor).await.is_empty());
}

/// A child that starts the first time, and then answers with an error, again and again.
fn reluctant(error: StartError) -> ChildSpec {
    let starts = Arc::new(AtomicU32::new(0));
    ChildSpec::new("reluctant", move || {
        let is_first = starts.fetch_add(1, Ordering::Relaxed) == 0;
        let error = error.clone();
        async move {
            if is_first {
                Ok(spawn_link(async {
                    receive! { reason: ExitReason => reason }
                }))
            } else {
                Err(error)
            }
        }
    })
}

#[kerosene::test(seeds = 20)]
async fn a_restart_that_is_ignored_drops_the_child() {
    let supervisor = supervisor().await;
    let pid = supervisor.start_child(reluctant(StartError::Ignored)).await.expect("it starts");
    send(pid, ExitReason::from("boom"));
    sleep(secs(1)).await;
    assert!(supervisor.which_children().await.expect("it runs").is_empty());
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_waits_for_its_restart_has_its_old_pid() {
    let supervisor = supervisor().await;
    let spec = reluctant(StartError::Failed("no".into())).backoff(Backoff::new(secs(9), secs(9)));
    let pid = supervisor.start_child(spec).await.expect("it starts");
    send(pid, ExitReason::from("boom"));
    sleep(secs(12)).await;
    let children = supervisor.which_children().await.expect("it runs");
    assert_eq!(children[0].state, ChildState::Restarting);
    let counts = supervisor.count_children().await.expect("it runs");
    assert_eq!((counts.specs, counts.active), (1, 0));
    assert_eq!(supervisor.terminate_child(pid).await, Ok(()));
    sleep(secs(60)).await;
    assert!(supervisor.which_children().await.expect("it runs").is_empty());
}

#[kerosene::test(seeds = 20)]
async fn too_many_restarts_of_all_together_end_the_supervisor() {
    let supervisor = supervisor().await;
    let watch = monitor(supervisor);
    unlink(supervisor.pid());
    for _ in 0..4 {
        let pid = start(supervisor, Restart::Permanent).await;
        send(pid, ExitReason::from("boom"));
        down(monitor(pid)).await;
    }
    assert_eq!(down(watch).await, ExitReason::Shutdown);
}

#[kerosene::test(seeds = 20)]
async fn all_children_are_stopped_at_the_same_time() {
    let supervisor = supervisor().await;
    let slow = |seconds, shutdown: Shutdown| {
        let body = move || async move {
            trap_exit(true);
            receive! { Exit { reason, .. } => {
                sleep(secs(seconds)).await;
                reason
            } }
        };
        ChildSpec::process("slow", body).shutdown(shutdown)
    };
    let mut watches = Vec::new();
    for (seconds, shutdown) in [
        (3, Shutdown::After(secs(5))),
        (3, Shutdown::After(secs(5))),
        (99, Shutdown::After(secs(2))),
        (99, Shutdown::Brutal),
        (7, Shutdown::Infinity),
    ] {
        let pid = supervisor.start_child(slow(seconds, shutdown)).await.expect("it starts");
        watches.push(monitor(pid));
    }
    sleep(secs(1)).await;
    let begun = Instant::now();
    supervisor.stop().await;
    assert_eq!(begun.elapsed().as_secs(), 7);
    let mut reasons = Vec::new();
    for watch in watches {
        reasons.push(down(watch).await);
    }
    let (told, killed) = (ExitReason::Shutdown, ExitReason::Killed);
    assert_eq!(reasons, [told.clone(), told.clone(), killed.clone(), killed, told]);
}

#[kerosene::test(seeds = 20)]
async fn a_body_that_runs_once_owns_what_cannot_be_copied() {
    let supervisor = supervisor().await;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let spec = ChildSpec::once("once", async move {
        let _ = sender.send(pid());
    });
    let again = spec.clone();
    let pid = supervisor.start_child(spec).await.expect("it starts");
    assert_eq!(receiver.await, Ok(pid));
    assert!(matches!(supervisor.start_child(again).await, Err(StartChildError::Start(_))));
}

#[kerosene::test(seeds = 20)]
async fn what_a_temporary_child_was_made_of_is_dropped() {
    let supervisor = supervisor().await;
    let held = Arc::new(());
    for restart in [Restart::Temporary, Restart::Permanent] {
        let for_child = Arc::clone(&held);
        let body = move || {
            assert!(Arc::strong_count(&for_child) > 0);
            async { sleep(Duration::MAX).await }
        };
        let spec = ChildSpec::process("child", body).restart(restart);
        supervisor.start_child(spec).await.expect("it starts");
    }
    assert_eq!(Arc::strong_count(&held), 2, "the test's and the permanent child's");
}

#[kerosene::test(seeds = 20)]
async fn a_key_has_the_same_partition_before_and_after_a_restart() {
    let supervisor = PartitionSupervisor::new(4, |_| child(Restart::Permanent));
    let partitions = supervisor.partitions();
    let supervisor = supervisor.start_link().await.expect("its children start");
    let mut numbers: Vec<usize> = (0..100).map(|key| partitions.number_of(&key)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers, [0, 1, 2, 3]);
    let old = partitions.of("key");
    assert_eq!(old, partitions.at(partitions.number_of("key")));
    send(old, ExitReason::from("boom"));
    sleep(secs(1)).await;
    let new = partitions.of("key");
    assert_ne!(new, old);
    let id = partitions.number_of("key").to_string();
    assert_eq!(supervisor.child(id).await, Some(new));
}

#[kerosene::test(seeds = 20)]
async fn partitions_without_a_link_outlive_who_has_started_them() {
    let supervisor = PartitionSupervisor::new(2, |_| child(Restart::Permanent)).name("shards");
    let partitions = supervisor.partitions();
    let (_, watch) = spawn_monitor(async {
        supervisor.start().await.expect("its children start");
        exit("gone")
    });
    assert_eq!(down(watch).await, "gone".into());
    sleep(secs(1)).await;
    for partition in partitions.iter() {
        assert!(is_alive(partition).await);
    }
    SupervisorRef::named("shards").expect("it runs").stop().await;
    for partition in partitions.iter() {
        assert!(!is_alive(partition).await);
    }
}

#[kerosene::test(seeds = 20)]
async fn a_partition_waits_before_it_is_started_again() {
    let supervisor = PartitionSupervisor::new(2, |_| child(Restart::Permanent));
    let supervisor = supervisor.backoff(Backoff::new(secs(5), secs(5)));
    let partitions = supervisor.partitions();
    supervisor.start_link().await.expect("its children start");
    let (old, other) = (partitions.at(0), partitions.at(1));
    send(old, ExitReason::from("boom"));
    sleep(secs(3)).await;
    assert_eq!((partitions.at(0), partitions.at(1)), (old, other));
    sleep(secs(4)).await;
    assert_ne!(partitions.at(0), old);
    assert_eq!(partitions.at(1), other);
}

#[kerosene::test(seeds = 20)]
async fn a_name_can_be_waited_for() {
    let begun = Instant::now();
    assert_eq!(whereis_or_wait("late", secs(1)).await, None);
    assert_eq!(begun.elapsed(), secs(1));
    let late = spawn(async {
        sleep(secs(5)).await;
        register("late", pid()).expect("the name is free");
        sleep(Duration::MAX).await;
    });
    assert_eq!(whereis_or_wait("late", secs(60)).await, Some(late));
    assert!(begun.elapsed() < secs(7));
}

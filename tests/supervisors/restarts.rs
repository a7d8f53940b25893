//! Who is restarted, how often, and what becomes of a supervisor that gives up: SUP-3 to SUP-5.

use kerosene::otp::{Backoff, ChildSpec, HealthCheck, Probe, Restart, StartError, Supervisor};
use kerosene::prelude::*;
use tokio::time::Instant;

use super::{End, down, end, logged, notes, restarted, running, secs};

fn orderly() -> [ExitReason; 3] {
    [ExitReason::Normal, ExitReason::Shutdown, ExitReason::shutdown_with("done")]
}

fn abnormal() -> [ExitReason; 3] {
    ["boom".into(), ExitReason::Killed, ExitReason::NoProc]
}

/// Whether a child of this kind is there, and runs, after it has ended for this reason.
async fn after_its_end(restart: Restart, reason: ExitReason) -> (bool, bool) {
    let me = pid();
    let supervisor = Supervisor::default().child(logged(me, "a").restart(restart)).start_link();
    let supervisor = supervisor.await.expect("its child starts");
    end("a", reason).await;
    sleep(secs(1)).await;
    let children = supervisor.which_children().await.expect("it runs");
    supervisor.stop().await;
    notes().await;
    (!children.is_empty(), children.iter().any(|child| child.state.pid().is_some()))
}

#[kerosene::test(seeds = 5)]
async fn the_restart_table_holds() {
    for reason in orderly() {
        assert_eq!(after_its_end(Restart::Permanent, reason.clone()).await, (true, true));
        assert_eq!(after_its_end(Restart::Transient, reason.clone()).await, (true, false));
        assert_eq!(after_its_end(Restart::Temporary, reason).await, (false, false));
    }
    for reason in abnormal() {
        assert_eq!(after_its_end(Restart::Permanent, reason.clone()).await, (true, true));
        assert_eq!(after_its_end(Restart::Transient, reason.clone()).await, (true, true));
        assert_eq!(after_its_end(Restart::Temporary, reason).await, (false, false));
    }
}

#[kerosene::test(seeds = 20)]
async fn every_automatic_restart_counts_for_the_whole_supervisor() {
    let me = pid();
    let children = ["a", "b", "c"].map(|id| logged(me, id));
    let supervisor = Supervisor::default().intensity(2, secs(5)).children(children);
    let supervisor = supervisor.start_link().await.expect("its children start");
    let watch = monitor(supervisor);
    for id in ["a", "b"] {
        // A normal end of a permanent child counts like any other.
        let old = end(id, ExitReason::Normal).await;
        restarted(supervisor, id, old).await;
    }
    unlink(supervisor.pid());
    end("c", ExitReason::Normal).await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
}

#[kerosene::test(seeds = 20)]
async fn what_is_asked_for_does_not_count() -> Result<(), StartError> {
    let me = pid();
    let supervisor =
        Supervisor::default().intensity(0, secs(5)).child(logged(me, "a")).start_link().await?;
    for _ in 0..10 {
        supervisor.terminate_child("a").await.expect("it is there");
        supervisor.restart_child("a").await.expect("it does not run");
    }
    assert_eq!(running(supervisor).await, ["a"]);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn old_restarts_do_not_count() -> Result<(), StartError> {
    let me = pid();
    let supervisor =
        Supervisor::default().intensity(1, secs(5)).child(logged(me, "a")).start_link().await?;
    for _ in 0..10 {
        let old = end("a", "boom").await;
        restarted(supervisor, "a", old).await;
        sleep(secs(6)).await;
    }
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn intensity_zero_allows_no_restart() {
    let me = pid();
    let supervisor = Supervisor::default().intensity(0, secs(5)).child(logged(me, "a"));
    let supervisor = supervisor.start_link().await.expect("its child starts");
    let watch = monitor(supervisor);
    unlink(supervisor.pid());
    end("a", "boom").await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
}

#[kerosene::test(seeds = 20)]
async fn who_gives_up_stops_its_children_in_reverse_and_ends_as_shutdown() {
    let me = pid();
    let children = ["a", "b", "c", "d"].map(|id| logged(me, id));
    let supervisor = Supervisor::default().intensity(0, secs(5)).children(children);
    let supervisor = supervisor.start_link().await.expect("its children start");
    notes().await;
    let watch = monitor(supervisor);
    unlink(supervisor.pid());
    end("b", "boom").await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(notes().await, "-d -c -a");
}

/// A supervisor that gives up at once, below another.
fn fragile(log: Pid) -> Supervisor {
    Supervisor::default().intensity(0, secs(5)).child(logged(log, "leaf"))
}

#[kerosene::test(seeds = 20)]
async fn a_permanent_supervisor_that_gave_up_is_restarted() -> Result<(), StartError> {
    let me = pid();
    let top = Supervisor::default().child(fragile(me).child_spec("middle")).start_link().await?;
    let old = top.child("middle").await.expect("it runs");
    end("leaf", "boom").await;
    restarted(top, "middle", old).await;
    assert_eq!(notes().await, "+leaf +leaf");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_transient_supervisor_that_gave_up_is_not_restarted() -> Result<(), StartError> {
    let me = pid();
    let middle = fragile(me).child_spec("middle").restart(Restart::Transient);
    let top = Supervisor::default().child(middle).start_link().await?;
    end("leaf", "boom").await;
    sleep(secs(10)).await;
    assert!(running(top).await.is_empty());
    assert_eq!(notes().await, "+leaf");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_restart_keeps_the_names() -> Result<(), StartError> {
    let body = || async {
        assert_eq!(whereis("clock"), Some(pid()));
        receive! { End(reason) => reason }
    };
    let spec = ChildSpec::process("ticker", body).name("clock");
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let old = end("clock", "boom").await;
    let new = restarted(supervisor, "ticker", old).await;
    assert_eq!(whereis("clock"), Some(new));
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_back_off_waits_longer_each_time_and_recovers() -> Result<(), StartError> {
    let me = pid();
    let body = move || async move {
        send(me, Instant::now());
        receive! { End(reason) => reason }
    };
    let backoff = Backoff::new(secs(1), secs(8)).jitter(0.0).reset_after(secs(20));
    let spec = ChildSpec::process("a", body).name("a").backoff(backoff);
    let supervisor = Supervisor::default().intensity(100, secs(1)).child(spec).start_link().await?;
    let mut started = receive! { at: Instant => at };
    let mut waits = Vec::new();
    for round in 0..7 {
        if round == 6 {
            sleep(secs(30)).await;
        }
        let ended = Instant::now();
        end("a", "boom").await;
        // It answers while it waits.
        assert!(running(supervisor).await.is_empty());
        started = receive! { at: Instant if at > started => at };
        waits.push((started - ended).as_secs());
    }
    assert_eq!(waits, [1, 2, 4, 8, 8, 8, 1]);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn stopping_a_child_cancels_the_restart_it_waits_for() -> Result<(), StartError> {
    let me = pid();
    let spec = logged(me, "a").backoff(Backoff::new(secs(5), secs(5)));
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    end("a", "boom").await;
    sleep(secs(1)).await;
    supervisor.terminate_child("a").await.expect("it is there");
    sleep(secs(60)).await;
    assert!(running(supervisor).await.is_empty());
    assert_eq!(notes().await, "+a");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_does_not_answer_its_probe_is_restarted() -> Result<(), StartError> {
    let body = || async {
        for _ in 0..3 {
            receive! { check: HealthCheck => check.answer() }
        }
        // From here on it hears nothing.
        sleep(Duration::MAX).await;
    };
    let probe = Probe::message().every(secs(10)).timeout(secs(2));
    let spec = ChildSpec::process("a", body).probe(probe);
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let begun = Instant::now();
    let old = supervisor.child("a").await.expect("it runs");
    sleep(secs(41)).await;
    assert_eq!(supervisor.child("a").await, Some(old));
    restarted(supervisor, "a", old).await;
    assert_eq!(begun.elapsed().as_secs(), 42);
    Ok(())
}

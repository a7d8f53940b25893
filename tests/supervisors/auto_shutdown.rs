//! Supervisors that stop when their work is done: section 7.6 of OTP's.

use kerosene::otp::{
    AutoShutdown, ChildSpec, Restart, SpecError, StartChildError, StartError, Strategy, Supervisor,
    SupervisorRef,
};
use kerosene::prelude::*;

use super::{down, end, logged, notes, running, secs};

fn significant(log: Pid, id: &'static str, restart: Restart) -> ChildSpec {
    logged(log, id).restart(restart).significant()
}

async fn with(auto_shutdown: AutoShutdown, children: Vec<ChildSpec>) -> (SupervisorRef, Monitor) {
    let supervisor = Supervisor::default()
        .intensity(10, secs(1))
        .auto_shutdown(auto_shutdown)
        .children(children)
        .start_link()
        .await
        .expect("its children start");
    notes().await;
    unlink(supervisor.pid());
    (supervisor, monitor(supervisor))
}

#[kerosene::test(seeds = 20)]
async fn the_end_of_any_significant_child_stops_the_others_in_reverse() {
    let me = pid();
    let children = vec![
        logged(me, "a"),
        significant(me, "s", Restart::Transient),
        significant(me, "u", Restart::Temporary),
        logged(me, "d"),
    ];
    let (_, watch) = with(AutoShutdown::AnySignificant, children).await;
    end("s", ExitReason::Normal).await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(notes().await, "-d -u -a");
}

#[kerosene::test(seeds = 20)]
async fn the_end_of_the_last_significant_child_stops_the_others() {
    let me = pid();
    let children = vec![
        logged(me, "a"),
        significant(me, "s", Restart::Transient),
        significant(me, "u", Restart::Temporary),
    ];
    let (supervisor, watch) = with(AutoShutdown::AllSignificant, children).await;
    end("s", ExitReason::Shutdown).await;
    sleep(secs(1)).await;
    assert_eq!(running(supervisor).await, ["a", "u"]);
    end("u", "boom").await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(notes().await, "-a");
}

#[kerosene::test(seeds = 20)]
async fn a_restarted_or_insignificant_child_stops_nothing() {
    let me = pid();
    let insignificant = logged(me, "t").restart(Restart::Transient);
    let children = vec![insignificant, significant(me, "s", Restart::Transient)];
    let (supervisor, _) = with(AutoShutdown::AnySignificant, children).await;
    end("s", "boom").await;
    end("t", ExitReason::Normal).await;
    sleep(secs(1)).await;
    assert_eq!(running(supervisor).await, ["s"]);
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_is_stopped_stops_nothing() {
    let me = pid();
    let children = vec![logged(me, "a"), significant(me, "s", Restart::Transient)];
    let (supervisor, _) = with(AutoShutdown::AnySignificant, children).await;
    supervisor.terminate_child("s").await.expect("it is there");
    sleep(secs(1)).await;
    assert_eq!(running(supervisor).await, ["a"]);
}

#[kerosene::test(seeds = 20)]
async fn a_child_stopped_for_a_sibling_stops_nothing() {
    let me = pid();
    let supervisor = Supervisor::new(Strategy::OneForAll)
        .auto_shutdown(AutoShutdown::AnySignificant)
        .children([logged(me, "a"), significant(me, "s", Restart::Temporary)])
        .start_link()
        .await
        .expect("its children start");
    end("a", "boom").await;
    sleep(secs(1)).await;
    assert_eq!(running(supervisor).await, ["a"]);
}

#[kerosene::test(seeds = 20)]
async fn automatic_shutdown_goes_up_through_significant_supervisors() {
    let me = pid();
    let inner = Supervisor::default()
        .auto_shutdown(AutoShutdown::AnySignificant)
        .child(significant(me, "leaf", Restart::Transient))
        .child_spec("inner")
        .restart(Restart::Transient)
        .significant();
    let (_, watch) = with(AutoShutdown::AnySignificant, vec![logged(me, "a"), inner]).await;
    end("leaf", ExitReason::Normal).await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(notes().await, "-a");
}

#[kerosene::test]
async fn significant_children_need_an_automatic_shutdown_and_an_end() -> Result<(), StartError> {
    let me = pid();
    let plain = Supervisor::default().start_link().await?;
    let started = plain.start_child(significant(me, "s", Restart::Transient)).await;
    let expected = SpecError::SignificantInVain("s".into());
    assert_eq!(started, Err(StartChildError::Spec(expected)));
    let (supervisor, _) = with(AutoShutdown::AnySignificant, Vec::new()).await;
    let started = supervisor.start_child(significant(me, "s", Restart::Permanent)).await;
    let expected = SpecError::SignificantPermanent("s".into());
    assert_eq!(started, Err(StartChildError::Spec(expected)));
    Ok(())
}

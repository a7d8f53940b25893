//! What supervisors answer: the results of section 7.5 of OTP's interface.

use kerosene::otp::{
    ChildError, ChildKind, ChildSpec, ChildState, Restart, StartChildError, StartError, Supervisor,
    SupervisorRef, sys,
};
use kerosene::prelude::*;

use super::{end, logged, notes, running, secs};

fn refusing(id: &'static str) -> ChildSpec {
    ChildSpec::new(id, || async { Err::<Pid, _>(StartError::Failed("no".into())) })
}

#[kerosene::test(seeds = 20)]
async fn start_child_says_what_is_there() -> Result<(), StartError> {
    let me = pid();
    let supervisor = Supervisor::default().child(logged(me, "a")).start_link().await?;
    let a = supervisor.child("a").await.expect("it runs");
    let started = supervisor.start_child(logged(me, "a")).await;
    assert_eq!(started, Err(StartChildError::AlreadyStarted(a)));
    let b = supervisor.start_child(logged(me, "b")).await.expect("the id is new");
    assert_eq!(whereis("b"), Some(b));
    supervisor.terminate_child("b").await.expect("it is there");
    let started = supervisor.start_child(logged(me, "b")).await;
    assert_eq!(started, Err(StartChildError::AlreadyPresent));
    let failed = StartError::Failed("no".into());
    let started = supervisor.start_child(refusing("c")).await;
    assert_eq!(started, Err(StartChildError::Start(failed)));
    let children = supervisor.which_children().await.expect("it runs");
    assert_eq!(children.len(), 2, "the spec of a child that did not start is dropped");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn terminate_child_stops_and_keeps_the_spec() -> Result<(), StartError> {
    let me = pid();
    let temporary = logged(me, "t").restart(Restart::Temporary);
    let supervisor =
        Supervisor::default().child(logged(me, "a")).child(temporary).start_link().await?;
    notes().await;
    assert_eq!(supervisor.terminate_child("a").await, Ok(()));
    assert_eq!(notes().await, "-a");
    assert_eq!(supervisor.terminate_child("a").await, Ok(()));
    assert_eq!(supervisor.terminate_child("x").await, Err(ChildError::NotFound));
    assert_eq!(supervisor.terminate_child("t").await, Ok(()));
    let children = supervisor.which_children().await.expect("it runs");
    assert_eq!(children.len(), 1, "a temporary child is forgotten");
    assert_eq!(children[0].state, ChildState::Stopped);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn restart_child_and_delete_child_want_a_stopped_one() -> Result<(), StartError> {
    let me = pid();
    let supervisor = Supervisor::default().child(logged(me, "a")).start_link().await?;
    let a = supervisor.child("a").await.expect("it runs");
    assert_eq!(supervisor.restart_child("a").await, Err(ChildError::Running(a)));
    assert_eq!(supervisor.delete_child("a").await, Err(ChildError::Running(a)));
    assert_eq!(supervisor.restart_child("x").await, Err(ChildError::NotFound));
    assert_eq!(supervisor.delete_child("x").await, Err(ChildError::NotFound));
    supervisor.terminate_child("a").await.expect("it is there");
    let again = supervisor.restart_child("a").await.expect("it is stopped");
    assert_ne!(again, a);
    supervisor.terminate_child("a").await.expect("it is there");
    assert_eq!(supervisor.delete_child("a").await, Ok(()));
    assert_eq!(supervisor.restart_child("a").await, Err(ChildError::NotFound));
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn children_and_their_counts_are_told_in_the_order_of_starts() -> Result<(), StartError> {
    let me = pid();
    let inner = Supervisor::default().child(logged(me, "leaf")).child_spec("inner");
    let transient = logged(me, "t").restart(Restart::Transient);
    let supervisor =
        Supervisor::default().children([logged(me, "a"), inner, transient]).start_link().await?;
    end("t", ExitReason::Normal).await;
    sleep(secs(1)).await;
    let children = supervisor.which_children().await.expect("it runs");
    let told: Vec<_> = children
        .iter()
        .map(|child| (child.id.as_str(), child.kind, child.state.pid().is_some()))
        .collect();
    let (worker, inner) = (ChildKind::Worker, ChildKind::Supervisor);
    assert_eq!(told, [("a", worker, true), ("inner", inner, true), ("t", worker, false)]);
    let counts = supervisor.count_children().await.expect("it runs");
    let counted = (counts.specs, counts.active, counts.supervisors, counts.workers);
    assert_eq!(counted, (3, 2, 1, 2));
    let inner: SupervisorRef = children[1].state.pid().expect("it runs").into();
    assert_eq!(running(inner).await, ["leaf"]);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn get_childspec_gives_the_spec() -> Result<(), StartError> {
    let me = pid();
    let spec = logged(me, "a").restart(Restart::Transient).shutdown(secs(7));
    let supervisor = Supervisor::default().child(spec.clone()).start_link().await?;
    let got = supervisor.get_childspec("a").await.expect("it is there");
    assert_eq!(format!("{got:?}"), format!("{spec:?}"));
    let missing = supervisor.get_childspec("x").await.expect_err("it is not there");
    assert_eq!(missing, ChildError::NotFound);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_supervisor_that_is_gone_says_so() -> Result<(), StartError> {
    let me = pid();
    let supervisor = Supervisor::default().name("shop").start_link().await?;
    assert_eq!(SupervisorRef::named("shop"), Some(supervisor));
    supervisor.stop().await;
    assert_eq!(SupervisorRef::named("shop"), None);
    assert!(supervisor.which_children().await.is_err());
    let started = supervisor.start_child(logged(me, "a")).await;
    assert!(matches!(started, Err(StartChildError::NoSupervisor(_))), "{started:?}");
    assert_eq!(supervisor.child("a").await, None);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn sys_asks_supervisors_too() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let me = pid();
    let supervisor = Supervisor::default().child(logged(me, "a")).start_link().await?;
    let dynamic = DynamicSupervisor::new().start_link().await?;
    unlink(dynamic.pid());
    dynamic.start_child(logged(me, "b")).await?;
    assert!(sys::get_state(supervisor).await?.starts_with("one_for_one [(\"a\", Running("));
    assert_eq!(sys::get_state(dynamic).await?, "1 children");
    sys::suspend(supervisor).await?;
    // It does nothing for a child that ends, and lets who asks wait.
    end("a", "boom").await;
    spawn(async move { send(me, supervisor.child("a").await) });
    receive! { _: Option<Pid> => panic!("it is suspended"), after secs(60) => () }
    sys::resume(supervisor).await?;
    receive! { child: Option<Pid> => assert_eq!(child, whereis("a")) }
    sys::suspend(dynamic).await?;
    sys::stop(dynamic, ExitReason::Shutdown, secs(5)).await?;
    assert_eq!(whereis("b"), None);
    Ok(())
}

#[kerosene::test(seeds = 50)]
async fn a_stop_reaches_a_suspended_supervisor_and_leaves_nothing()
-> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    trap_exit(true);
    let supervisor = Supervisor::default().child(logged(pid(), "a")).start_link().await?;
    let dynamic = DynamicSupervisor::new().start_link().await?;
    sys::suspend(supervisor).await?;
    supervisor.stop().await;
    sys::suspend(dynamic).await?;
    dynamic.stop().await;
    assert_eq!(notes().await, "+a -a");
    // Who is linked has heard of it by then.
    for stopped in [supervisor.pid(), dynamic.pid()] {
        let normal = Exit { pid: stopped, reason: ExitReason::Normal };
        receive! { exit: Exit if exit == normal => (), after Duration::ZERO => panic!("no exit") }
    }
    // To stop what has ended is nothing, and a stop that is given up leaves no monitor.
    supervisor.stop().await;
    let me = pid();
    let stubborn = ChildSpec::process("b", move || async move {
        trap_exit(true);
        send(me, "ready");
        sleep(Duration::MAX).await;
    });
    let slow = Supervisor::default().child(stubborn).start_link().await?;
    receive! { "ready" => () }
    assert!(tokio::time::timeout(secs(1), slow.stop()).await.is_err());
    receive! { exit: Exit => assert_eq!(exit.pid, slow.pid()) }
    receive! { message => panic!("{message:?}"), after secs(1) => Ok(()) }
}

//! How supervisors start and stop their children: SUP-1, SUP-2, SUP-6, SUP-11, SUP-12.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kerosene::otp::{
    self, ChildSpec, FailedToStartChild, Restart, Shutdown, SpecError, StartError, StartOptions,
    Strategy, Supervisor,
};
use kerosene::parent;
use kerosene::prelude::*;

use super::{down, logged, notes, running, secs};

#[kerosene::test(seeds = 20)]
async fn children_start_in_order_and_stop_in_reverse() -> Result<(), StartError> {
    let me = pid();
    let children = ["a", "b", "c"].map(|id| logged(me, id));
    let supervisor = Supervisor::default().children(children).start_link().await?;
    assert_eq!(notes().await, "+a +b +c");
    assert_eq!(running(supervisor).await, ["a", "b", "c"]);
    supervisor.stop().await;
    assert_eq!(notes().await, "-c -b -a");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_child_starts_when_the_one_before_is_ready() -> Result<(), StartError> {
    let me = pid();
    let slow = ChildSpec::new("slow", move || {
        otp::start_link(StartOptions::new(), move |starting| async move {
            sleep(secs(3)).await;
            send(me, super::Note("+slow".into()));
            starting.ready();
            sleep(Duration::MAX).await;
        })
    });
    Supervisor::default().child(slow).child(logged(me, "b")).start_link().await?;
    assert_eq!(notes().await, "+slow +b");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_does_not_start_stops_those_before() {
    let me = pid();
    let before = process_count();
    let broken = ChildSpec::new("broken", || {
        otp::start_link(StartOptions::new(), |starting| async move { starting.refuse("no disk") })
    });
    let supervisor = Supervisor::default()
        .name("shop")
        .child(logged(me, "a"))
        .child(logged(me, "b"))
        .child(broken)
        .child(logged(me, "d"));
    let error = supervisor.start_link().await.expect_err("a child does not start");
    let failed = FailedToStartChild::find(&error).expect("it says which");
    assert_eq!(failed.id, "broken");
    assert_eq!(failed.error, StartError::Failed("no disk".into()));
    let text = "the child \"broken\" did not start: the initialisation failed: no disk";
    assert_eq!(error.to_string(), text);
    assert_eq!(notes().await, "+a +b -b -a");
    assert_eq!((whereis("shop"), process_count()), (None, before));
}

#[kerosene::test(seeds = 20)]
async fn a_start_function_that_panics_has_failed() {
    let broken = ChildSpec::new("broken", || async {
        assert!(process_count() == 0, "no disk");
        Ok::<Pid, StartError>(pid())
    });
    let error = Supervisor::default().child(broken).start_link().await.expect_err("it panics");
    let failed = FailedToStartChild::find(&error).expect("it says which");
    assert!(failed.error.to_string().contains("no disk"), "{failed}");
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_is_not_needed_keeps_its_spec() -> Result<(), StartError> {
    let me = pid();
    let ignored = |id| {
        ChildSpec::new(id, || {
            otp::start_link(StartOptions::new(), |starting| async move { starting.ignore() })
        })
    };
    let supervisor = Supervisor::default()
        .child(ignored("kept"))
        .child(ignored("dropped").restart(Restart::Temporary))
        .child(logged(me, "c"))
        .start_link()
        .await?;
    let children = supervisor.which_children().await.expect("it runs");
    let ids: Vec<_> = children.iter().map(|child| child.id.as_str()).collect();
    assert_eq!(ids, ["kept", "c"]);
    assert_eq!(running(supervisor).await, ["c"]);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn each_child_is_awaited_before_the_next_is_stopped() -> Result<(), StartError> {
    let me = pid();
    let slow = ChildSpec::process("slow", move || async move {
        trap_exit(true);
        receive! { Exit { reason, .. } => {
            sleep(secs(2)).await;
            send(me, super::Note("-slow".into()));
            reason
        } }
    });
    let supervisor = Supervisor::default().child(logged(me, "a")).child(slow).start_link().await?;
    // The process has to trap exits before it is told to stop.
    sleep(secs(1)).await;
    supervisor.stop().await;
    assert_eq!(notes().await, "+a -slow -a");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn the_end_of_the_parent_stops_the_supervisor_whatever_the_reason() {
    let me = pid();
    for reason in [ExitReason::Normal, ExitReason::Shutdown, "boom".into()] {
        let for_parent = reason.clone();
        let parent = spawn(async move {
            let supervisor = Supervisor::default().child(logged(me, "a")).start_link().await;
            send(me, supervisor.expect("its child starts").pid());
            receive! { "end" => for_parent }
        });
        let supervisor = receive! { supervisor: Pid => supervisor };
        let watch = monitor(supervisor);
        send(parent, "end");
        assert_eq!(down(watch).await, reason);
        assert_eq!(notes().await, "+a -a");
    }
}

#[kerosene::test(seeds = 20)]
async fn exits_and_messages_of_strangers_are_ignored() -> Result<(), StartError> {
    let me = pid();
    let supervisor = Supervisor::default().child(logged(me, "a")).start_link().await?;
    let stranger = spawn_monitor(async move { exit_signal(supervisor.pid(), "boom") });
    send(supervisor, "a message that means nothing");
    down(stranger.1).await;
    assert_eq!(running(supervisor).await, ["a"]);
    assert_eq!(notes().await, "+a");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_killed_supervisor_takes_its_children_along() {
    let me = pid();
    let (holder, _) = spawn_monitor(async move {
        trap_exit(true);
        let child = ChildSpec::process("a", || async { sleep(Duration::MAX).await });
        let supervisor = Supervisor::default().child(child).start_link().await?;
        send(me, (supervisor.pid(), supervisor.child("a").await));
        sleep(Duration::MAX).await;
        Ok::<(), StartError>(())
    });
    let (supervisor, child) = receive! { it: (Pid, Option<Pid>) => it };
    let watch = monitor(child.expect("it runs"));
    exit_signal(supervisor, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
    exit_signal(holder, ExitReason::Kill);
}

/// A child that traps exits and does not end.
async fn stubborn() {
    trap_exit(true);
    loop {
        receive! { Exit { .. } => () }
    }
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_takes_too_long_is_killed() -> Result<(), StartError> {
    let spec = ChildSpec::process("stubborn", stubborn).shutdown(secs(3));
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let child = supervisor.child("stubborn").await.expect("it runs");
    sleep(secs(1)).await;
    let (watch, begun) = (monitor(child), tokio::time::Instant::now());
    supervisor.stop().await;
    assert_eq!(begun.elapsed().as_secs(), 3);
    assert_eq!(down(watch).await, ExitReason::Killed);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn brutal_shutdown_kills_at_once() -> Result<(), StartError> {
    let spec = ChildSpec::process("stubborn", stubborn).shutdown(Shutdown::Brutal);
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let watch = monitor(supervisor.child("stubborn").await.expect("it runs"));
    sleep(secs(1)).await;
    let begun = tokio::time::Instant::now();
    supervisor.stop().await;
    assert!(begun.elapsed() < secs(1));
    assert_eq!(down(watch).await, ExitReason::Killed);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn infinite_shutdown_waits() -> Result<(), StartError> {
    let slow = || async {
        trap_exit(true);
        receive! { Exit { reason, .. } => {
            sleep(secs(100)).await;
            reason
        } }
    };
    let spec = ChildSpec::process("slow", slow).shutdown(Shutdown::Infinity);
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let watch = monitor(supervisor.child("slow").await.expect("it runs"));
    sleep(secs(1)).await;
    supervisor.stop().await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_supervisor_killed_while_it_stops_a_child_takes_it_along() -> Result<(), StartError> {
    let slow = || async {
        trap_exit(true);
        receive! { Exit { reason, .. } if reason == ExitReason::Killed => reason }
    };
    let spec = ChildSpec::process("slow", slow).shutdown(Shutdown::Infinity);
    let supervisor = Supervisor::default().child(spec).start().await?;
    let watch = monitor(supervisor.child("slow").await.expect("it runs"));
    sleep(secs(1)).await;
    spawn(async move {
        let _ = supervisor.terminate_child("slow").await;
    });
    sleep(secs(1)).await;
    exit_signal(supervisor.pid(), ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_unlinked_itself_is_still_stopped() -> Result<(), StartError> {
    let body = || async {
        if let Some(supervisor) = parent() {
            unlink(supervisor);
        }
        sleep(Duration::MAX).await;
    };
    let spec = ChildSpec::process("loose", body);
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let watch = monitor(supervisor.child("loose").await.expect("it runs"));
    sleep(secs(1)).await;
    supervisor.stop().await;
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_child_that_unlinked_itself_can_end_unnoticed() -> Result<(), StartError> {
    let body = || async {
        if let Some(supervisor) = parent() {
            unlink(supervisor);
        }
    };
    let spec = ChildSpec::process("loose", body);
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    sleep(secs(1)).await;
    let counts = supervisor.count_children().await.expect("it runs");
    assert_eq!((counts.specs, counts.active), (1, 0));
    supervisor.stop().await;
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_child_whose_start_function_does_not_link_is_linked() -> Result<(), StartError> {
    let body = |starting: otp::Starting| async {
        starting.ready();
        sleep(Duration::MAX).await;
    };
    let spec = ChildSpec::new("unlinked", move || otp::start(StartOptions::new(), body));
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    let first = supervisor.child("unlinked").await.expect("it runs");
    exit_signal(first, ExitReason::Kill);
    super::restarted(supervisor, "unlinked", first).await;
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn the_stop_of_the_runtime_is_an_order_to_stop() {
    // What a runtime does when it stops, from a thread that is no process.
    let me = pid();
    let supervisor = Supervisor::default().child(logged(me, "a")).start().await;
    let supervisor = supervisor.expect("its child starts").pid();
    let watch = monitor(supervisor);
    std::thread::spawn(move || exit_signal(supervisor, ExitReason::Shutdown))
        .join()
        .expect("it does not panic");
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(notes().await, "+a -a");
}

#[kerosene::test(real)]
async fn a_blocking_child_is_asked_to_return() -> Result<(), StartError> {
    let (began, returned) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let flags = (Arc::clone(&began), Arc::clone(&returned));
    let spec = ChildSpec::blocking("thread", move |stopping| {
        flags.0.store(true, Ordering::Relaxed);
        while !stopping.is_set() {
            std::thread::yield_now();
        }
        flags.1.store(true, Ordering::Relaxed);
    });
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    while !began.load(Ordering::Relaxed) {
        yield_now().await;
    }
    supervisor.stop().await;
    assert!(returned.load(Ordering::Relaxed));
    Ok(())
}

#[kerosene::test(real)]
async fn a_blocking_child_that_panics_is_restarted() -> Result<(), StartError> {
    let me = pid();
    let spec = ChildSpec::blocking("thread", move |stopping| {
        send(me, "began");
        receive_end(stopping);
    });
    let supervisor = Supervisor::default().child(spec).start_link().await?;
    receive! { "began" => () }
    let first = supervisor.child("thread").await.expect("it runs");
    exit_signal(first, ExitReason::Kill);
    super::restarted(supervisor, "thread", first).await;
    receive! { "began" => () }
    supervisor.stop().await;
    Ok(())
}

fn receive_end(stopping: &otp::Stopping) {
    while !stopping.is_set() {
        std::thread::yield_now();
    }
}

#[kerosene::test]
async fn specs_that_make_no_sense_are_refused() {
    let me = pid();
    let once = || ChildSpec::once("once", async {}).restart(Restart::Permanent);
    let cases = [
        (vec![logged(me, "a"), logged(me, "a")], SpecError::DuplicateId("a".into())),
        (vec![logged(me, "a").significant()], SpecError::SignificantInVain("a".into())),
        (vec![once()], SpecError::OnceRestarted("once".into())),
        (vec![logged(me, "a").name("b")], SpecError::NameOfStarted("a".into())),
    ];
    for (children, expected) in cases {
        let supervisor = Supervisor::new(Strategy::OneForAll).children(children);
        let error = supervisor.start_link().await.expect_err("the spec makes no sense");
        let StartError::Failed(ExitReason::Error(error)) = error else { panic!("{error}") };
        assert_eq!(error.downcast_ref(), Some(&expected));
    }
    assert_eq!(notes().await, "");
}

#[kerosene::test]
async fn a_name_in_the_wrong_place_and_one_that_is_taken_are_explained() {
    let misplaced = logged(pid(), "a").name("store");
    let error = Supervisor::default().child(misplaced).start_link().await.expect_err("misplaced");
    let text = error.to_string();
    let how = r#"`ChildSpec::new("a", move || actor::start_named("name", ..))`"#;
    assert!(text.contains(how), "{text}");
    let twice = ["a", "b"].map(|id| ChildSpec::process(id, || sleep(Duration::MAX)).name("store"));
    let error = Supervisor::default().children(twice).start_link().await.expect_err("it is taken");
    let text = error.to_string();
    let place = r#"the child "b" did not start: already started: <"#;
    assert!(text.starts_with(place) && text.ends_with("> has its name"), "{text}");
}

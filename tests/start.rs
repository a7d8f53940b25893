//! Starting a process and waiting until it is ready: what the starter gets, and that a start which
//! fails leaves nothing behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kerosene::otp::{self, StartError, StartOptions};
use kerosene::parent;
use kerosene::prelude::*;

/// Whatever is in the mailbox, as the name of its type.
async fn next_message() -> Option<&'static str> {
    // Whatever was sent to this process is there when this is answered.
    for _ in 0..3 {
        yield_now().await;
    }
    receive! { message => Some(message.type_name()), after Duration::ZERO => None }
}

/// Ways in which a linked start fails without an abnormal end.
async fn refused(options: StartOptions) -> Result<Pid, StartError> {
    otp::start_link(options, |starting| async move { starting.refuse("no") }).await
}

#[kerosene::test(seeds = 20)]
async fn a_start_returns_when_the_process_is_ready() -> Result<(), StartError> {
    let ready = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&ready);
    let child = otp::start_link(StartOptions::new(), |starting| async move {
        sleep(Duration::from_secs(3)).await;
        set.store(true, Ordering::Relaxed);
        starting.ready();
        receive! { "stop": &str => () }
    });
    let child = child.await?;
    assert!(ready.load(Ordering::Relaxed));
    assert!(is_alive(child).await);
    assert_eq!(next_message().await, None);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn the_names_are_registered_before_the_body_runs() -> Result<(), StartError> {
    let options = StartOptions::new().name("first").name("second").name("first");
    let child = otp::start(options, |starting| async move {
        assert_eq!(whereis("first"), Some(pid()));
        assert_eq!(whereis("second"), Some(pid()));
        starting.ready();
        receive! { "stop": &str => () }
    });
    let child = child.await?;
    assert_eq!(whereis("first"), Some(child));
    assert_eq!(whereis("second"), Some(child));
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_taken_name_is_refused_before_the_body_runs() {
    trap_exit(true);
    register("taken", pid()).expect("the name is free");
    let options = StartOptions::new().name("free").name("taken");
    let started = otp::start_link(options, |_| async { panic!("the body must not run") });
    assert_eq!(started.await, Err(StartError::AlreadyStarted(pid())));
    assert_eq!(whereis("free"), None);
    assert_eq!(next_message().await, None);
}

#[kerosene::test(seeds = 20)]
async fn a_failed_start_leaves_nothing_behind() {
    trap_exit(true);
    let options = || StartOptions::new().name("child");
    let no = || StartError::Failed("no".into());
    let before = process_count();
    let ignored = otp::start_link(options(), |starting| async move { starting.ignore() }).await;
    assert_eq!((ignored, process_count()), (Err(StartError::Ignored), before));
    assert_eq!((refused(options()).await, process_count()), (Err(no()), before));
    let failed = otp::start_link(options(), |starting| async move { starting.fail("no") }).await;
    assert_eq!((failed, process_count()), (Err(no()), before));
    let exited = otp::start_link(options(), |_| async { exit("no") }).await;
    assert_eq!((exited, process_count()), (Err(no()), before));
    let returned = otp::start_link(options(), |_| async {}).await;
    let normal = Err(StartError::Failed(ExitReason::Normal));
    assert_eq!((returned, process_count()), (normal, before));
    let killed = otp::start_monitor(options(), |_| async {
        exit_signal(pid(), ExitReason::Kill);
        yield_now().await;
    });
    let killed = killed.await.map(|(pid, _)| pid);
    assert_eq!(killed, Err(StartError::Failed(ExitReason::Killed)));
    assert_eq!((whereis("child"), process_count()), (None, before));
    assert_eq!(next_message().await, None);
}

#[kerosene::test(seeds = 20)]
async fn a_panic_in_the_initialisation_is_the_reason() {
    trap_exit(true);
    let started = otp::start_link(StartOptions::new(), |_| async { panic!("no paper") }).await;
    let Err(StartError::Failed(ExitReason::Panic(info))) = started else {
        panic!("unexpected: {started:?}")
    };
    assert!(info.to_string().contains("no paper"), "{info}");
    assert_eq!(next_message().await, None);
}

#[kerosene::test(seeds = 20)]
async fn a_start_that_takes_too_long_is_killed() {
    // It does not trap exits: the link must not take it along.
    let options = StartOptions::new().name("slow").timeout(Duration::from_secs(5));
    let started = otp::start_link(options, |starting| async move {
        trap_exit(true);
        sleep(Duration::from_secs(6)).await;
        starting.ready();
        sleep(Duration::MAX).await;
    });
    assert_eq!(started.await, Err(StartError::Timeout));
    assert_eq!(whereis("slow"), None);
    assert_eq!(next_message().await, None);
}

#[kerosene::test(seeds = 20)]
async fn the_timeout_holds_for_a_body_that_never_acknowledges() {
    let options = StartOptions::new().timeout(Duration::from_secs(5));
    let started = otp::start(options, |starting| async move {
        drop(starting);
        sleep(Duration::MAX).await;
    });
    assert_eq!(started.await, Err(StartError::Timeout));
}

#[kerosene::test(seeds = 20)]
async fn a_starter_that_does_not_trap_exits_ends_with_an_abnormal_start() {
    let (_, watch) = spawn_monitor(async {
        let failed =
            otp::start_link(StartOptions::new(), |starting| async move { starting.fail("broken") });
        let _ = failed.await;
        exit("lived on")
    });
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::from("broken"));
    } }
}

#[kerosene::test(seeds = 20)]
async fn a_starter_that_does_not_trap_exits_survives_a_refusal() {
    let (_, watch) = spawn_monitor(async {
        assert!(refused(StartOptions::new()).await.is_err());
        let ignored =
            otp::start_link(StartOptions::new(), |starting| async move { starting.ignore() });
        assert_eq!(ignored.await, Err(StartError::Ignored));
        exit("lived on")
    });
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::from("lived on"));
    } }
}

#[kerosene::test(seeds = 50)]
async fn the_end_of_the_starter_ends_the_child_in_its_initialisation() {
    let test = pid();
    let starter = spawn(async move {
        let child = otp::start_link(StartOptions::new(), move |starting| async move {
            send(test, pid());
            sleep(Duration::MAX).await;
            starting.ready();
        });
        let _ = child.await;
    });
    let child = receive! { child: Pid => child };
    let watch = monitor(child);
    exit_signal(starter, "enough");
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::from("enough"));
    } }
}

#[kerosene::test(seeds = 20)]
async fn a_start_that_is_dropped_leaves_no_message() {
    let start = otp::start_monitor(StartOptions::new(), |starting| async move {
        sleep(Duration::from_secs(2)).await;
        starting.ready();
    });
    tokio::select! {
        _ = start => panic!("it takes two seconds"),
        () = sleep(Duration::from_secs(1)) => (),
    }
    sleep(Duration::from_secs(2)).await;
    assert_eq!(next_message().await, None);
}

#[kerosene::test(seeds = 20)]
async fn a_process_knows_its_parent_and_ancestors() -> Result<(), StartError> {
    assert_eq!(parent(), None);
    let test = pid();
    let child = otp::start_link(StartOptions::new(), move |starting| async move {
        assert_eq!(parent(), Some(test));
        let me = pid();
        let grandchild = otp::start(StartOptions::new(), move |starting| async move {
            assert_eq!(otp::ancestors()[..], [me, test]);
            starting.ready();
        });
        grandchild.await.expect("its ancestors are right");
        starting.ready();
    });
    child.await?;
    Ok(())
}

//! How a server ends, and when it is told (GST).

use kerosene::otp::{StartError, sys};
use kerosene::prelude::*;

use crate::{Log, ended, mailbox};

#[kerosene::actor]
mod mortal {
    use kerosene::prelude::*;

    use crate::Log;

    pub(crate) struct Mortal {
        log: Log,
        waiting: Vec<ReplyTo<()>>,
    }

    impl Mortal {
        #[init]
        pub(crate) fn new(log: Log, traps: bool) -> Self {
            trap_exit(traps);
            Self { log, waiting: Vec::new() }
        }

        #[cast]
        pub(crate) fn stop_with(&mut self, reason: ExitReason) -> Next {
            Next::Stop(reason)
        }

        #[call]
        pub(crate) fn crash(&mut self) -> u8 {
            panic!("crashed")
        }

        #[call]
        pub(crate) async fn leave(&mut self) -> u8 {
            exit("left")
        }

        #[call]
        pub(crate) fn wait(&mut self, reply_to: ReplyTo<()>) {
            self.waiting.push(reply_to);
        }

        #[call]
        pub(crate) fn stop_unanswered(&mut self, reply_to: ReplyTo<()>) -> Next {
            self.waiting.push(reply_to);
            Next::Stop(ExitReason::Normal)
        }

        #[call]
        pub(crate) fn stop_answered(&mut self) -> (u8, Next) {
            (1, Next::Stop("answered".into()))
        }

        #[info]
        fn exit(&mut self, Exit { reason, .. }: Exit) {
            self.log.note(format!("exit {reason}"));
        }

        #[terminate]
        async fn bye(&mut self, reason: &ExitReason) {
            self.log.note(format!("terminate {reason}"));
            yield_now().await;
            assert!(*reason != "worse".into(), "in terminate");
            assert!(*reason != "answered".into(), "in terminate");
        }
    }
}

async fn started(log: &Log, traps: bool) -> Result<(mortal::Ref, Monitor), StartError> {
    mortal::start_monitor(log.clone(), traps).await
}

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

#[kerosene::test(seeds = 20)]
async fn a_stop_terminates_with_its_reason() -> Result<(), StartError> {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, "enough".into()] {
        let log = Log::default();
        let (mortal, watch) = started(&log, false).await?;
        mortal.stop_with(reason.clone());
        assert_eq!(down(watch).await, reason);
        assert_eq!(log.read(), [format!("terminate {reason}")]);
    }
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_crash_terminates_with_the_panic() -> Result<(), StartError> {
    let log = Log::default();
    let (mortal, watch) = started(&log, false).await?;
    let Err(CallError::Exited(ExitReason::Panic(info))) = mortal.crash().await else {
        panic!("the caller hears of the panic");
    };
    assert_eq!(info.message, "crashed");
    assert!(info.location.as_ref().is_some_and(|place| place.contains("ending.rs")), "{info:?}");
    let ExitReason::Panic(reason) = down(watch).await else { panic!("the panic is the reason") };
    assert_eq!(reason, info);
    assert!(log.read()[0].starts_with("terminate panic: crashed"), "{:?}", log.read());
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn an_exit_in_a_callback_terminates_with_its_reason() -> Result<(), StartError> {
    let log = Log::default();
    let (mortal, watch) = started(&log, false).await?;
    assert_eq!(mortal.leave().await, Err(CallError::Exited("left".into())));
    assert_eq!(down(watch).await, "left".into());
    assert_eq!(log.read(), ["terminate left"]);
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_crash_in_terminate_replaces_the_reason() -> Result<(), StartError> {
    let log = Log::default();
    let (mortal, watch) = started(&log, false).await?;
    mortal.stop_with("worse".into());
    let ExitReason::Panic(info) = down(watch).await else { panic!("that of terminate") };
    assert_eq!(info.message, "in terminate");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn an_answer_with_a_stop_comes_after_terminate_though_that_crashes() -> Result<(), StartError>
{
    let log = Log::default();
    let (mortal, watch) = started(&log, false).await?;
    assert_eq!(mortal.stop_answered().await, Ok(1));
    assert_eq!(log.read(), ["terminate answered"]);
    assert!(matches!(down(watch).await, ExitReason::Panic(_)));
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn callers_that_are_not_answered_hear_the_reason() -> Result<(), StartError> {
    let (mortal, _) = started(&Log::default(), false).await?;
    assert_eq!(mortal.stop_unanswered().await, Err(CallError::Exited(ExitReason::Normal)));
    let (mortal, _) = started(&Log::default(), false).await?;
    let waiting = mortal.wait().send();
    mortal.stop_with("closed".into());
    let late = mortal.wait().send();
    assert_eq!(waiting.await, Err(CallError::Exited("closed".into())));
    assert_eq!(late.await, Err(CallError::Exited("closed".into())));
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn an_exit_signal_ends_a_server_that_does_not_trap_without_terminate()
-> Result<(), StartError> {
    for (traps, signal, reason) in [
        (false, "away".into(), "away".into()),
        (false, ExitReason::Kill, ExitReason::Killed),
        (true, ExitReason::Kill, ExitReason::Killed),
    ] {
        let log = Log::default();
        let (mortal, watch) = started(&log, traps).await?;
        exit_signal(mortal.pid(), signal);
        assert_eq!(down(watch).await, reason);
        assert_eq!(log.read(), [""; 0]);
    }
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn an_exit_signal_of_a_stranger_is_a_message_to_one_that_traps() -> Result<(), StartError> {
    let log = Log::default();
    let (mortal, watch) = started(&log, true).await?;
    let pid = mortal.pid();
    spawn(async move { exit_signal(pid, ExitReason::Shutdown) });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(log.read(), ["exit shutdown"]);
    assert!(demonitor(watch));
    Ok(())
}

/// Starts a linked server in a process that then ends for `reason`.
async fn orphaned(log: &Log, traps: bool, reason: ExitReason) -> mortal::Ref {
    let (to, log) = (pid(), log.clone());
    spawn(async move {
        send(to, mortal::start_link(log, traps).await.expect("it starts"));
        yield_now().await;
        reason
    });
    receive! { mortal: mortal::Ref => mortal }
}

#[kerosene::test(seeds = 50)]
async fn the_end_of_the_parent_terminates_a_server_that_traps_whatever_the_reason() {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, "gone".into()] {
        let log = Log::default();
        let mortal = orphaned(&log, true, reason.clone()).await;
        let watch = monitor(mortal);
        let heard = down(watch).await;
        assert!(heard == reason || heard == ExitReason::NoProc, "{heard}");
        assert_eq!(log.read(), [format!("terminate {reason}")]);
    }
}

#[kerosene::test(seeds = 50)]
async fn the_end_of_the_parent_ends_a_server_that_does_not_trap_without_terminate() {
    let log = Log::default();
    let mortal = orphaned(&log, false, "gone".into()).await;
    let reason = ended(mortal).await;
    assert!(reason == "gone".into() || reason == ExitReason::NoProc, "{reason}");
    assert_eq!(log.read(), [""; 0]);
    // A normal end is none of its business.
    let orphan = orphaned(&log, false, ExitReason::Normal).await;
    sleep(Duration::from_secs(1)).await;
    assert!(is_alive(orphan.pid()).await);
    assert_eq!(orphan.stop().await, Ok(()));
}

#[kerosene::test(seeds = 50)]
async fn the_end_of_the_parent_terminates_a_suspended_server() {
    let log = Log::default();
    let (to, inner) = (pid(), log.clone());
    let parent = spawn(async move {
        send(to, mortal::start_link(inner, true).await.expect("it starts"));
        receive! { "end" => exit("gone") }
    });
    let mortal = receive! { mortal: mortal::Ref => mortal };
    assert_eq!(sys::suspend(mortal).await, Ok(()));
    send(parent, "end");
    assert_eq!(ended(mortal).await, "gone".into());
    assert_eq!(log.read(), ["terminate gone"]);
}

#[kerosene::test(seeds = 50)]
async fn stop_waits_for_the_end_and_tells_another_reason() -> Result<(), StartError> {
    let log = Log::default();
    let (mortal, _) = started(&log, false).await?;
    assert_eq!(mortal.stop().await, Ok(()));
    assert!(!is_alive(mortal.pid()).await);
    assert_eq!(log.read(), ["terminate normal"]);
    assert_eq!(mortal.stop().await, Err(CallError::NoProc));

    let (mortal, _) = started(&log, false).await?;
    let stopped = sys::stop(mortal, "worse", Duration::MAX).await;
    assert!(matches!(stopped, Err(CallError::Exited(ExitReason::Panic(_)))), "{stopped:?}");
    mailbox().await;
    Ok(())
}

#[kerosene::actor]
mod slow {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub(crate) struct Slow;

    impl Slow {
        #[cast]
        pub(crate) async fn work(&mut self) {
            sleep(Duration::from_secs(10)).await;
        }
    }
}

#[kerosene::test]
async fn a_stop_that_is_late_still_stops() -> Result<(), StartError> {
    let (slow, watch) = slow::start_monitor().await?;
    slow.work();
    let late = sys::stop(slow, ExitReason::Shutdown, Duration::from_secs(1)).await;
    assert_eq!(late, Err(CallError::Timeout));
    assert_eq!(down(watch).await, ExitReason::Shutdown);
    assert_eq!(mailbox().await, [""; 0]);
    Ok(())
}

#[test]
fn the_end_of_the_runtime_terminates_a_server_that_traps() {
    let log = Log::default();
    let inner = log.clone();
    let runtime = Runtime::builder().worker_threads(1).build().expect("threads");
    // Nobody is its parent: what the runtime sends as `<0.0.0>` is for it to decide on.
    let stopped = runtime.run(async move { mortal::start(inner, true).await.map(drop) });
    assert_eq!((stopped.reason, stopped.killed), (ExitReason::Normal, 0));
    assert_eq!(log.read(), ["terminate shutdown"]);
}

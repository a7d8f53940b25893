//! What code can learn of the end of a process while it happens: destructors, which know the reason
//! once it is decided, and whoever catches the end of a part of a body.

use kerosene::prelude::*;
use kerosene::{catch_exit, ending, in_process, try_pid};

/// Tells, when it is dropped, what it knows.
struct Witness(Pid);

impl Drop for Witness {
    fn drop(&mut self) {
        send(self.0, ending());
    }
}

async fn heard() -> Option<ExitReason> {
    receive! { reason: Option<ExitReason> => reason }
}

#[kerosene::test(seeds = 50)]
async fn a_destructor_knows_why_the_process_ends() {
    let test = pid();
    for (signal, reason) in
        [(ExitReason::Kill, ExitReason::Killed), ("tired".into(), "tired".into())]
    {
        let in_the_body = spawn(async move {
            let _witness = Witness(test);
            sleep(Duration::MAX).await;
        });
        let in_the_mailbox = spawn(async { sleep(Duration::MAX).await });
        send(in_the_mailbox, Witness(test));
        for process in [in_the_body, in_the_mailbox] {
            // So that the body has begun.
            assert!(is_alive(process).await);
            yield_now().await;
            exit_signal(process, signal.clone());
            assert_eq!(heard().await, Some(reason.clone()));
        }
    }
}

#[kerosene::test]
async fn elsewhere_nothing_ends() {
    assert_eq!(ending(), None);
    let test = pid();
    drop(Witness(test));
    assert_eq!(heard().await, None);
    // The body has returned, but the process has not ended.
    spawn(async move {
        let _witness = Witness(test);
    });
    assert_eq!(heard().await, None);
    // While a panic unwinds, the reason is not known.
    spawn(async move {
        let _witness = Witness(test);
        panic!("on purpose");
    });
    assert_eq!(heard().await, None);
    assert_eq!(std::thread::spawn(ending).join().ok(), Some(None));
}

#[kerosene::test]
async fn an_end_that_is_caught_is_none() {
    let caught = catch_exit(async { exit("enough") }).await;
    assert_eq!(caught, Err::<(), _>("enough".into()));
    let caught = catch_exit(async {
        yield_now().await;
        panic!("on purpose")
    });
    let Err::<(), _>(ExitReason::Panic(info)) = caught.await else { panic!("a panic is caught") };
    assert_eq!((info.message.as_str(), info.pid), ("on purpose", pid()));
    assert!(info.location.as_ref().is_some_and(|place| place.contains("catching.rs")), "{info}");
    assert_eq!(catch_exit(async { 7 }).await, Ok(7));
    assert!(is_alive(pid()).await);
}

#[kerosene::test]
async fn an_exit_signal_is_not_caught() {
    let process = spawn(async {
        let _ = catch_exit(sleep(Duration::MAX)).await;
    });
    yield_now().await;
    let watch = monitor(process);
    exit_signal(process, "away");
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, "away".into());
    } }
}

#[kerosene::test(real)]
async fn code_knows_whether_it_runs_in_a_process() {
    assert!(in_process());
    assert_eq!(try_pid(), Some(pid()));
    let here = pid();
    let outside = std::thread::spawn(|| (in_process(), try_pid())).join().ok();
    assert_eq!(outside, Some((false, None)));
    let behalf = blocking(move || (in_process(), try_pid())).await;
    assert_eq!(behalf.ok(), Some((false, Some(here))));
}

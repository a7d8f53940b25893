//! What can be asked of every running server (SYS).

use kerosene::otp::StartError;
use kerosene::otp::sys::{self, InspectError};
use kerosene::prelude::*;

use crate::mailbox;

#[kerosene::actor]
mod shown {
    #[derive(Debug, Default)]
    pub(crate) struct Shown {
        pub(crate) count: u64,
    }

    impl Shown {
        #[call]
        pub(crate) fn add(&mut self, n: u64) -> u64 {
            self.count += n;
            self.count
        }
    }
}

#[kerosene::actor]
mod hidden {
    #[derive(Default)]
    pub(crate) struct Hidden;

    impl Hidden {
        #[cast]
        pub(crate) fn nothing(&self) {}
    }
}

use shown::Shown;

#[kerosene::test]
async fn the_state_is_shown_by_debug_or_by_its_type() -> Result<(), StartError> {
    let shown = shown::start_link().await?;
    assert_eq!(shown.add(3).await, Ok(3));
    assert_eq!(sys::get_state(shown).await.as_deref(), Ok("Shown { count: 3 }"));
    let hidden = hidden::start_link().await?;
    hidden.nothing();
    let text = sys::get_state(hidden).await.expect("it answers");
    assert!(text.ends_with("hidden::Hidden"), "{text}");
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn sys_messages_keep_the_order_of_the_mailbox() -> Result<(), StartError> {
    let shown = shown::start_link().await?;
    let first = shown.add(1).send();
    let count = sys::inspect(shown, |shown: &Shown| shown.count).await;
    assert_eq!((first.await, count), (Ok(1), Ok(1)));
    Ok(())
}

#[kerosene::test]
async fn a_state_is_replaced() -> Result<(), StartError> {
    let shown = shown::start_link().await?;
    let replaced = sys::replace_state(shown, |old: &Shown| Shown { count: old.count + 40 }).await;
    assert_eq!(replaced, Ok(()));
    assert_eq!(shown.add(2).await, Ok(42));
    Ok(())
}

#[kerosene::test]
async fn a_replacement_that_crashes_changes_nothing() -> Result<(), StartError> {
    let shown = shown::start_link().await?;
    shown.add(7).await.expect("it answers");
    let failed = sys::replace_state(shown, |_: &Shown| panic!("no")).await;
    assert_eq!(failed, Err(InspectError::Panicked));
    let wrong = sys::inspect(shown, |n: &u64| *n).await;
    assert_eq!(wrong, Err(InspectError::OtherType("u64")));
    assert_eq!(shown.add(0).await, Ok(7));
    let nobody = sys::inspect("nobody", |n: &u64| *n).await;
    assert_eq!(nobody, Err(InspectError::Call(CallError::NoProc)));
    Ok(())
}

#[kerosene::test(seeds = 20)]
async fn a_suspended_server_answers_sys_only_and_keeps_the_rest() -> Result<(), CallError> {
    let shown = shown::start_link().await.expect("it starts");
    for _ in 0..2 {
        sys::suspend(shown).await?;
    }
    let late = shown.add(1).timeout(Duration::from_secs(1)).await;
    assert_eq!(late, Err(CallError::Timeout));
    let waiting = shown.add(10).send();
    assert_eq!(sys::inspect(shown, |shown: &Shown| shown.count).await, Ok(0));
    assert!(sys::statistics(shown).await?.is_suspended);
    for _ in 0..2 {
        sys::resume(shown).await?;
    }
    // The one that nobody waited for any more has been done as well.
    assert_eq!(waiting.await, Ok(11));
    assert_eq!(mailbox().await, [""; 0]);
    Ok(())
}

#[kerosene::test]
async fn a_suspended_server_can_be_stopped() -> Result<(), CallError> {
    let shown = shown::start_link().await.expect("it starts");
    sys::suspend(shown).await?;
    shown.stop().await
}

#[kerosene::test]
async fn statistics_count_messages_and_time() -> Result<(), CallError> {
    let shown = shown::start_link().await.expect("it starts");
    sleep(Duration::from_secs(3)).await;
    for n in 0..5 {
        shown.add(n).await?;
    }
    let statistics = sys::statistics(shown).await?;
    assert_eq!(statistics.messages, 5);
    assert_eq!(statistics.run_time.as_secs(), 3);
    sys::trace(shown, true).await?;
    shown.add(1).await?;
    sys::trace(shown, false).await
}

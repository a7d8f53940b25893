//! Tasks: what their owners hear of them, that nothing of them is left in a mailbox, and that none
//! outlives the wish for its value.

mod failures;
#[path = "../common/mailbox.rs"]
mod mailbox;
mod many;
mod streams;
mod values;

use kerosene::prelude::*;

pub(crate) use self::mailbox::{ended, mailbox};

/// Runs a body as a process, and returns the reason of its end.
pub(crate) async fn outcome_of(body: impl Future<Output = ()> + Send + 'static) -> ExitReason {
    let (_, watch) = spawn_monitor(body);
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

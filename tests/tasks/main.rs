//! Tasks: what their owners hear of them, that nothing of them is left in a mailbox, and that none
//! outlives the wish for its value.

mod failures;
mod many;
mod streams;
mod values;

use kerosene::prelude::*;

/// Waits until a process has ended.
pub(crate) async fn ended(pid: Pid) -> ExitReason {
    let watch = monitor(pid);
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// What is in the mailbox of this process, as the names of types.
pub(crate) async fn mailbox() -> Vec<&'static str> {
    // Whatever was sent to this process is there when this is answered.
    assert!(is_alive(pid()).await);
    let mut found = Vec::new();
    loop {
        receive! {
            message => found.push(message.type_name()),
            after Duration::ZERO => return found,
        }
    }
}

/// Runs a body as a process, and returns the reason of its end.
pub(crate) async fn outcome_of(body: impl Future<Output = ()> + Send + 'static) -> ExitReason {
    let (_, watch) = spawn_monitor(body);
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

//! What is left in a mailbox, and that somebody has ended: what tests ask who look for leftovers.

use kerosene::{Destination, prelude::*};

/// Waits until a process has ended.
pub(crate) async fn ended(dest: impl Destination) -> ExitReason {
    let watch = monitor(dest);
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

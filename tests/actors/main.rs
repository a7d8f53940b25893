//! Actors: modules that `#[actor]` makes servers of, and servers by hand. What their callbacks see,
//! in which order, how they start and how they end.

mod callbacks;
mod counter;
mod ending;
mod messages;
mod order;
#[path = "../common/reporter.rs"]
mod reporter;
mod reports;
mod starting;
mod system;

use std::sync::{Arc, Mutex};

use kerosene::prelude::*;

/// What happened, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().expect("no panic while it is locked").push(what.into());
    }

    pub(crate) fn read(&self) -> Vec<String> {
        self.0.lock().expect("no panic while it is locked").clone()
    }
}

/// Waits until a process has ended.
pub(crate) async fn ended(dest: impl kerosene::Destination) -> ExitReason {
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

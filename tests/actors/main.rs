//! Actors: modules that `#[actor]` makes servers of, and servers by hand. What their callbacks see,
//! in which order, how they start and how they end.

mod callbacks;
mod counter;
mod ending;
#[path = "../common/mailbox.rs"]
mod mailbox;
mod messages;
mod order;
#[path = "../common/reporter.rs"]
mod reporter;
mod reports;
mod starting;
mod system;

use std::sync::{Arc, Mutex};

pub(crate) use self::mailbox::{ended, mailbox};

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

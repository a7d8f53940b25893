//! Calls between processes, and from outside: what is answered, what a caller hears when nothing
//! is, and that nothing of it is ever left in a mailbox.

mod answers;
mod deadlocks;
mod errors;
#[path = "../common/mailbox.rs"]
mod mailbox;
mod many;
mod outside;

use kerosene::prelude::*;

pub(crate) use self::mailbox::{ended, mailbox};

/// Answered with its square.
pub(crate) struct Square(pub(crate) u64);

impl Request for Square {
    type Reply = u64;
}

/// Answered when `Now` has come.
pub(crate) struct Later;

impl Request for Later {
    type Reply = &'static str;
}

pub(crate) struct Now;

/// A process that squares.
pub(crate) fn squarer() -> Pid {
    spawn(async {
        loop {
            receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
        }
    })
}

/// A process that answers one `Later` when it is told to.
pub(crate) fn waiter() -> Pid {
    spawn(async {
        receive! { Call { request: Later, reply_to } => {
            receive! { Now => reply_to.reply("now") }
        } }
    })
}

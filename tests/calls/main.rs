//! Calls between processes, and from outside: what is answered, what a caller hears when nothing
//! is, and that nothing of it is ever left in a mailbox.

mod answers;
mod deadlocks;
mod errors;
mod many;
mod outside;

use kerosene::prelude::*;

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

/// Everything that is in the mailbox.
pub(crate) async fn mailbox() -> Vec<&'static str> {
    let mut found = Vec::new();
    loop {
        receive! {
            message => found.push(message.type_name()),
            after Duration::ZERO => return found,
        }
    }
}

/// Waits until a process has ended.
pub(crate) async fn ended(pid: Pid) -> ExitReason {
    let watch = monitor(pid);
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

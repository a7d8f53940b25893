//! What a signal means.
//!
//! Everything that happens between processes is a signal, and all signals of one process arrive in
//! one ordered stream. This layer says what each kind does to the process that receives it: pure
//! functions and small sets, no delivery, no locks, no process. Whoever applies a rule is told what
//! must be sent in return.

mod aliases;
mod exit_table;
mod few;
mod links;
#[cfg(all(test, kerosene_loom))]
mod loom_tests;
mod monitors;

use tokio::sync::oneshot;

use crate::term::{ExitReason, Message, Pid, ProcessInfo, Reference};

pub(crate) use aliases::{Accepted, Aliases, Lifetime};
pub(crate) use exit_table::{ExitEffect, ExitKind, exit_effect};
pub(crate) use few::Few;
pub(crate) use links::{Links, Relinked, Unlinked};
pub(crate) use monitors::{Monitors, Target, Watchers};

/// What travels in the stream of a process.
///
/// Messages lie in the queue themselves; everything else is rarer and boxed, so that the queue's
/// elements stay as small as a message.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A message sent to the pid or a name.
    Message(Message),
    /// Anything else.
    Control(Box<Control>),
}

/// The signals other than plain messages.
#[derive(Debug)]
pub(crate) enum Control {
    /// A message sent through an alias: it counts only if the alias is active on reception.
    AliasMessage { alias: Reference, message: Message },
    /// Somebody called `exit_signal`.
    Exit { from: Pid, reason: ExitReason },
    /// A linked process has ended.
    LinkExit { from: Pid, reason: ExitReason },
    /// The other side wants a link.
    Link { from: Pid },
    /// The other side has given the link up, and waits for the acknowledgement of `id`.
    Unlink { from: Pid, id: u64 },
    /// The other side has seen our `Unlink` number `id`.
    UnlinkAck { from: Pid, id: u64 },
    /// `watcher` wants to be told of the end.
    Monitor { reference: Reference, watcher: Pid },
    /// The watcher has lost interest.
    Demonitor { reference: Reference },
    /// A monitored process has ended.
    Down { reference: Reference, pid: Pid, reason: ExitReason },
    /// Is it alive? Dropping the sender unanswered means no.
    AliveQuery { reply: oneshot::Sender<()> },
    /// Tell about yourself. Dropping the sender unanswered means dead.
    InfoQuery { reply: oneshot::Sender<ProcessInfo> },
}

impl From<Message> for Signal {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<Control> for Signal {
    fn from(control: Control) -> Self {
        Self::Control(Box::new(control))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_as_small_as_a_message() {
        assert_eq!(size_of::<Signal>(), size_of::<Message>());
    }
}

//! Aliases: destinations that lead to a process until they are switched off.

use std::fmt;

use super::{Pid, Reference};

/// A destination that leads to the process that made it, until it is switched off.
///
/// Give an alias instead of a pid where an answer may come too late: after
/// [`unalias`](crate::unalias), or after the first answer if it was made so, nothing sent to it
/// arrives any more. Made by [`alias`](crate::alias), [`alias_reply`](crate::alias_reply) and
/// [`monitor_alias`](crate::monitor_alias). Whether it counts is decided when a message is
/// received, not when it is sent. Only its maker can switch it off.
///
/// In Erlang: the reference that `alias/1` returns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias {
    reference: Reference,
    owner: Pid,
}

impl Alias {
    pub(crate) fn new(reference: Reference, owner: Pid) -> Self {
        Self { reference, owner }
    }

    pub(crate) fn owner(self) -> Pid {
        self.owner
    }

    /// The reference behind the alias; with
    /// [`monitor_alias`](crate::monitor_alias) the same as the monitor's.
    pub fn reference(self) -> Reference {
        self.reference
    }
}

/// Only the reference: whose alias it is, is the owner's business.
impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({})", self.reference)
    }
}

/// When the alias of a monitor is switched off by itself; see
/// [`monitor_alias`](crate::monitor_alias).
///
/// You most likely want `ReplyDemonitor`: one answer or one `Down`, whichever comes first.
///
/// In Erlang: the `{alias, Mode}` option of `monitor/3`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum AliasMode {
    /// Only by `unalias`. It outlives the monitor.
    Explicit,
    /// With the monitor: when its `Down` arrives, or when it is removed.
    Demonitor,
    /// With the first message that comes through it, which also removes the monitor.
    ReplyDemonitor,
}

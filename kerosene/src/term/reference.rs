//! References, and the handles that are references with a meaning.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::node;

/// A value like no other, made by [`make_ref`](crate::make_ref).
///
/// Two references are equal only if one is a copy of the other. They are good for telling answers
/// apart: send one with a request, and select the answer that carries it.
///
/// In Erlang: a reference, from `make_ref/0`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    node: u64,
    id: u64,
}

impl Reference {
    /// A reference that has never been before.
    #[inline]
    pub(crate) fn fresh() -> Self {
        Self { node: node::current(), id: node::next_reference() }
    }

    /// The reference of a node with this [`id`](Self::id).
    #[inline]
    pub(crate) fn of_id(node: u64, id: u64) -> Self {
        Self { node, id }
    }

    /// What tells it from the other references of its node.
    #[inline]
    pub(crate) fn id(self) -> u64 {
        self.id
    }

    #[inline]
    pub(crate) fn node(self) -> u64 {
        self.node
    }
}

/// The node is left out, for the reason given at [`Pid`](super::Pid)'s hash.
impl Hash for Reference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.id);
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#Ref<{}.{}>", node::shown(self.node), self.id)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The handle of a monitor, from [`monitor`](crate::monitor); a [`Down`](super::Down) carries it.
///
/// Only the process that set the monitor can remove it. Dropping the handle does nothing.
///
/// In Erlang: the reference that `monitor/2` returns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Monitor(pub(crate) Reference);

impl Monitor {
    /// The reference behind the handle.
    pub fn reference(self) -> Reference {
        self.0
    }
}

/// The handle of a timer, from [`schedule`](crate::schedule) and its relatives.
///
/// It may be copied and sent: any process that has it may [`cancel`](Self::cancel) the timer, or
/// ask for the time [`remaining`](Self::remaining). Dropping it does nothing.
///
/// In Erlang: the reference that `erlang:send_after/3` and `erlang:start_timer/3` return.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    /// Which alone decides how timers compare.
    pub(crate) reference: Reference,
    /// The timers among which it is, and its place there.
    pub(crate) shard: u32,
    pub(crate) index: u32,
}

impl Timer {
    /// The reference behind the handle.
    pub fn reference(self) -> Reference {
        self.reference
    }
}

/// Only the reference: the shard has another number in the next run of a simulation.
impl Hash for Timer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.reference.hash(state);
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timer({})", self.reference)
    }
}

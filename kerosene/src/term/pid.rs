//! Process identifiers: a node, a place in its table, and which tenant of that place is meant.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::node;

/// The identifier of a process: `Copy`, comparable, hashable, printable.
///
/// A pid names one process and never another: when the process has ended, its pid stays dead,
/// also after its place in the process table has a new tenant. Sending to a dead pid is no error;
/// the message is dropped.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let worker = spawn(async {});
///     let text = worker.to_string(); // like <0.17.2>
///     assert_eq!(text.parse::<Pid>(), Ok(worker));
/// });
/// ```
///
/// It owns nothing: keeping a pid keeps no process alive, dropping one ends none. Pids made in a
/// simulated run mean nothing outside of it. Parsing does not look whether there is such a process.
/// The order of pids is total but says nothing about age.
///
/// In Erlang: a pid, `<0.85.0>`. Parsing is `list_to_pid/1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pid {
    node: u64,
    /// The index in the upper half, so that pids are ordered by it, and the generation. In one
    /// word, so that a pid travels in two registers.
    local: u64,
}

impl Pid {
    /// No process: `<0.0.0>`. Stands where a name leads to nobody, and for the runtime as a sender.
    ///
    /// For a [`Destination`](crate::Destination) of your own that leads nowhere at the moment:
    /// messages to it are dropped, and a monitor of it finds that there is no such process.
    pub const NOBODY: Pid = Pid { node: node::HERE, local: 0 };

    /// Whether this is `<0.0.0>`, which is never a process.
    ///
    /// It is the sender of exit signals that come from outside of all processes: from a plain
    /// thread, or from the runtime when it stops. A process that traps exits should stop in order
    /// when it gets an [`Exit`](crate::Exit) `Shutdown` from there.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     trap_exit(true);
    ///     stop();
    ///     receive! { Exit { pid, reason } if pid.is_nobody() => reason }
    /// });
    /// ```
    ///
    /// In Erlang: no equivalent; `init:stop/0` stops the applications.
    pub fn is_nobody(self) -> bool {
        self == Self::NOBODY
    }

    pub(crate) const fn new(node: u64, index: u32, generation: u32) -> Self {
        Self { node, local: (index as u64) << 32 | generation as u64 }
    }

    /// The pid on `node` whose [`key`](Self::key) is this.
    #[inline]
    pub(crate) const fn of_key(node: u64, key: u64) -> Self {
        Self { node, local: key }
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
    pub(crate) const fn generation(self) -> u32 {
        self.local as u32
    }

    /// The next process in the same place of the table, unless the generations are used up.
    pub(crate) fn next_generation(self) -> Option<Self> {
        Some(Self::new(self.node, self.index(), self.generation().checked_add(1)?))
    }

    #[inline]
    pub(crate) const fn node(self) -> u64 {
        self.node
    }

    /// A number that tells it from the other pids of its node, in one word; nobody's is 0.
    #[inline]
    pub(crate) const fn key(self) -> u64 {
        self.local
    }

    #[inline]
    pub(crate) const fn index(self) -> u32 {
        (self.local >> 32) as u32
    }
}

/// The node is left out: it differs between two runs of one simulation, and a hash that differed
/// would order hash maps differently. Equal pids still hash equal.
impl Hash for Pid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.local.rotate_left(32));
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}.{}.{}>", node::shown(self.node), self.index(), self.generation())
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Pid {
    type Err = ParsePidError;

    fn from_str(text: &str) -> Result<Self, ParsePidError> {
        let parse = || {
            let mut parts = text.strip_prefix('<')?.strip_suffix('>')?.split('.');
            let node: u64 = parts.next()?.parse().ok()?;
            let index = parts.next()?.parse().ok()?;
            let generation = parts.next()?.parse().ok()?;
            // Node 0 is "here", and inside a simulation that is the simulated node.
            let node = if node == node::HERE { node::current() } else { node };
            parts.next().is_none().then(|| Self::new(node, index, generation))
        };
        parse().ok_or_else(|| ParsePidError(text.to_owned()))
    }
}

/// A text that is not a pid. See [`Pid`]'s `FromStr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsePidError(String);

impl fmt::Display for ParsePidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a pid: expected three numbers, like <0.17.2>", self.0)
    }
}

impl std::error::Error for ParsePidError {}

#[cfg(feature = "serde")]
impl serde::Serialize for Pid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Pid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_is_two_words() {
        assert_eq!(size_of::<Pid>(), 16);
    }

    #[test]
    fn a_pid_survives_printing_and_parsing() {
        let pid = Pid::new(0, 17, 2);
        assert_eq!(pid.to_string(), "<0.17.2>");
        assert_eq!("<0.17.2>".parse(), Ok(pid));
        assert_eq!(Pid::new(5, 17, 2).to_string().parse(), Ok(Pid::new(5, 17, 2)));
    }

    #[test]
    fn what_is_not_a_pid_is_refused() {
        for text in ["", "<>", "<0.1>", "<0.1.2", "0.1.2", "<0.1.2.3>", "<0.-1.2>", "<0.1.x>"] {
            let error = text.parse::<Pid>().expect_err(text);
            assert!(error.to_string().contains("is not a pid"), "{error}");
        }
    }

    #[test]
    fn a_simulated_node_is_not_shown() {
        assert_eq!(Pid::new(node::new_simulation(), 3, 1).to_string(), "<0.3.1>");
    }
}

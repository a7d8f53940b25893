//! The words of supervision: strategies, restarts, shutdowns, kinds.

use std::fmt;
use std::time::Duration;

/// Which children are started again when one of them fails.
///
/// In Erlang: `one_for_one`, `rest_for_one`, `one_for_all`. For `simple_one_for_one` there is
/// [`DynamicSupervisor`](super::DynamicSupervisor).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Strategy {
    /// The one that failed.
    #[default]
    OneForOne,
    /// The one that failed and those that were started after it.
    RestForOne,
    /// All.
    OneForAll,
}

/// When a child is started again.
///
/// You most likely want `Permanent` for what serves, `Transient` for what finishes one day, and
/// `Temporary` for what somebody else would ask for again, such as a connection.
///
/// | | ends in order | ends abnormally |
/// |---|---|---|
/// | `Permanent` | started again | started again |
/// | `Transient` | stays stopped | started again |
/// | `Temporary` | forgotten | forgotten |
///
/// In order are [`Normal`](crate::ExitReason::Normal), [`Shutdown`](crate::ExitReason::Shutdown)
/// and [`ShutdownWith`](crate::ExitReason::ShutdownWith). A supervisor that gives up ends with
/// `Shutdown`, so as a transient child it is *not* started again.
///
/// In Erlang: `permanent`, `transient`, `temporary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Restart {
    /// Always.
    #[default]
    Permanent,
    /// If it ended abnormally.
    Transient,
    /// Never; its spec goes with it.
    Temporary,
}

/// How a child is stopped. A [`Duration`] is an `After`.
///
/// In Erlang: `brutal_kill`, a number of milliseconds, `infinity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// It is killed.
    Brutal,
    /// It is told to shut down, and killed if it has not ended after this time.
    After(Duration),
    /// It is told to shut down, and has as much time as it takes.
    Infinity,
}

impl From<Duration> for Shutdown {
    fn from(timeout: Duration) -> Self {
        if timeout == Duration::MAX { Self::Infinity } else { Self::After(timeout) }
    }
}

/// What a child is, for who looks at the tree.
///
/// In Erlang: `worker`, `supervisor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ChildKind {
    /// A process that works.
    #[default]
    Worker,
    /// A process that looks after others.
    Supervisor,
}

/// When a supervisor stops because its children have done their work.
///
/// It is about children that are [significant](super::ChildSpec::significant), and about ends of
/// their own that are not followed by a restart: a transient one that ended in order, a temporary
/// one that ended. Children that were stopped, by hand or for a sibling's restart, do not count.
///
/// In Erlang: `auto_shutdown` of OTP 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AutoShutdown {
    /// Not at all. No child may be significant.
    #[default]
    Never,
    /// When a significant child has ended.
    AnySignificant,
    /// When the last significant child has ended.
    AllSignificant,
}

/// OTP's words, as reports show them.
macro_rules! words {
    ($type:ident: $($variant:ident = $word:literal),*) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $word),* })
            }
        }
    };
}

words!(Strategy: OneForOne = "one_for_one", RestForOne = "rest_for_one", OneForAll = "one_for_all");
words!(Restart: Permanent = "permanent", Transient = "transient", Temporary = "temporary");
words!(ChildKind: Worker = "worker", Supervisor = "supervisor");

impl fmt::Display for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Brutal => f.write_str("brutal_kill"),
            Self::After(timeout) => write!(f, "{timeout:?}"),
            Self::Infinity => f.write_str("infinity"),
        }
    }
}

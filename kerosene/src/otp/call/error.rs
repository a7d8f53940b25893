//! Why a call has no answer: what a caller decides on.

use std::error::Error;
use std::fmt;

use crate::{ExitReason, Pid};

/// Why a call has no answer.
///
/// In Erlang: the reason with which `gen_server:call` exits, without the `{gen_server, call, Args}`
/// around it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such process, or nobody has the name.
    NoProc,
    /// The time is over. What was asked may still be done.
    Timeout,
    /// A process has called itself: it could not answer while it waits.
    CallingSelf,
    /// The process that was to answer has ended, for this reason.
    Exited(ExitReason),
    /// The [`ReplyTo`](crate::ReplyTo) was dropped: nobody will answer.
    NoReply,
    /// The call waits, at the end of a chain of calls, for the caller itself, so that only a
    /// time-out could end it. The processes in order: the first is the caller, each waits for the
    /// next, and the last waits for the first.
    ///
    /// It is reported only where it is certain: for processes that are known to answer in person,
    /// as actors do and whoever uses [`Call::answer`](crate::Call::answer). Who has taken the
    /// [`ReplyTo`](crate::ReplyTo) out of a request may have given it to somebody else.
    Deadlock(Vec<Pid>),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProc => f.write_str("there is no such process"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::CallingSelf => f.write_str("a process cannot call itself"),
            Self::Exited(reason) => write!(f, "the process ended before it answered: {reason}"),
            Self::NoReply => f.write_str("the request was dropped without an answer"),
            Self::Deadlock(cycle) => {
                f.write_str("these processes wait for each other: ")?;
                cycle.iter().try_for_each(|pid| write!(f, "{pid} -> "))?;
                cycle.first().map_or(Ok(()), |first| write!(f, "{first}"))
            }
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exited(ExitReason::Error(error)) => Some(&**error),
            _ => None,
        }
    }
}

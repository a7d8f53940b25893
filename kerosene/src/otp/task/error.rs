//! Why a task has no value: an error for its owner, who decides what it means.

use std::error::Error;
use std::fmt;

use crate::ExitReason;
use crate::otp::CallError;

/// Why a task has no value.
///
/// In Elixir: what `Task.await/2` exits with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TaskError {
    /// Its process has ended, for this reason.
    Exited(ExitReason),
    /// The time is over. The task is ended.
    Timeout,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(reason) => write!(f, "the task ended without a value: {reason}"),
            Self::Timeout => f.write_str("the task took too long"),
        }
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exited(ExitReason::Error(error)) => Some(&**error),
            _ => None,
        }
    }
}

/// A task answers or ends; the other errors of a call say that it had ended before.
impl From<CallError> for TaskError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Exited(reason) => Self::Exited(reason),
            _ => Self::Exited(ExitReason::NoProc),
        }
    }
}

//! Why a process ended: a value that is told to many, so it is shared, printed and compared, never
//! changed.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::{Pid, Term};

/// Why a process ended: told to everyone who is linked to it or monitors it.
///
/// `Normal`, `Shutdown` and `ShutdownWith` are the orderly reasons; all others are *abnormal*
/// ([`is_abnormal`](Self::is_abnormal)): they are reported through `tracing` (target
/// `kerosene::crash`), and they make a supervisor restart a transient child. Over a link only
/// `Normal` is harmless: `Shutdown` ends a linked process that does not trap exits, too.
///
/// Two reasons are equal if they are of the same kind and say the same: values compare by `==`,
/// errors and panics by what they print. Printed with `{}`, text is itself, and any
/// other value of yours looks as with `{:?}`.
///
/// ```
/// use kerosene::ExitReason;
///
/// #[derive(Debug, PartialEq)]
/// struct OutOfPaper;
///
/// let reason = ExitReason::other(OutOfPaper);
/// assert!(reason.is_abnormal());
/// assert_eq!(reason, ExitReason::other(OutOfPaper));
/// assert_eq!(reason.to_string(), "OutOfPaper");
/// assert_eq!(ExitReason::from("idle").to_string(), "idle");
/// assert!(!ExitReason::shutdown_with("moved").is_abnormal());
/// ```
///
/// In Erlang any term is a reason. The variants are those that have a meaning to the runtime or to
/// OTP:
///
/// | here | in Erlang |
/// |---|---|
/// | `Normal`, `Shutdown`, `ShutdownWith(term)` | `normal`, `shutdown`, `{shutdown, Term}` |
/// | `Kill`, `Killed` | `kill`, `killed` |
/// | `NoProc`, `NoConnection` | `noproc`, `noconnection` |
/// | `Panic(info)`, `Error(error)` | `{Error, Stacktrace}` |
/// | `Other(term)` | any other |
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ExitReason {
    /// The body returned.
    Normal,
    /// Told to stop, and stopped in order.
    Shutdown,
    /// The same, with something to say about it.
    ShutdownWith(Term),
    /// Sent with [`exit_signal`](crate::exit_signal) it cannot be trapped, and ends the receiver
    /// with [`Killed`](Self::Killed). As the reason of a process that called
    /// `exit(ExitReason::Kill)` it travels over links like any other.
    Kill,
    /// Ended by [`Kill`](Self::Kill). Over a link it can be trapped, like any other reason.
    Killed,
    /// There is no such process, any more or at all.
    NoProc,
    /// The connection to the process' node is lost; the process itself may live on.
    NoConnection,
    /// The body panicked.
    Panic(Arc<PanicInfo>),
    /// The body returned `Err`.
    Error(Arc<dyn Error + Send + Sync>),
    /// Any other reason.
    Other(Term),
}

impl ExitReason {
    /// A reason of your own, abnormal. Text is shorter with `from`: `ExitReason::from("idle")`.
    pub fn other<T>(value: T) -> Self
    where
        T: std::any::Any + fmt::Debug + PartialEq + Send + Sync,
    {
        Self::Other(Term::new(value))
    }

    /// An orderly stop with something to say about it.
    pub fn shutdown_with<T>(value: T) -> Self
    where
        T: std::any::Any + fmt::Debug + PartialEq + Send + Sync,
    {
        Self::ShutdownWith(Term::new(value))
    }

    /// The reason of a body that returns this as `Err`. The error is kept, with its sources.
    pub fn error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Error(error.into().into())
    }

    /// Whether the process failed, as opposed to having finished or been told to stop.
    ///
    /// In Erlang: what OTP's behaviours take for abnormal: anything but `normal`, `shutdown` and
    /// `{shutdown, _}`.
    pub fn is_abnormal(&self) -> bool {
        !matches!(self, Self::Normal | Self::Shutdown | Self::ShutdownWith(_))
    }
}

impl PartialEq for ExitReason {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ShutdownWith(a), Self::ShutdownWith(b)) | (Self::Other(a), Self::Other(b)) => {
                a == b
            }
            (Self::Panic(a), Self::Panic(b)) => a == b,
            (Self::Error(a), Self::Error(b)) => Arc::ptr_eq(a, b) || a.to_string() == b.to_string(),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl From<&str> for ExitReason {
    fn from(text: &str) -> Self {
        Self::Other(text.into())
    }
}

impl From<String> for ExitReason {
    fn from(text: String) -> Self {
        Self::Other(text.into())
    }
}

impl From<Term> for ExitReason {
    fn from(term: Term) -> Self {
        Self::Other(term)
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal => f.write_str("normal"),
            Self::Shutdown => f.write_str("shutdown"),
            Self::ShutdownWith(term) => write!(f, "shutdown: {term}"),
            Self::Kill => f.write_str("kill"),
            Self::Killed => f.write_str("killed"),
            Self::NoProc => f.write_str("no such process"),
            Self::NoConnection => f.write_str("no connection"),
            Self::Panic(info) => info.fmt(f),
            Self::Error(error) => write!(f, "error: {error}"),
            Self::Other(term) => term.fmt(f),
        }
    }
}

/// What is known of a panic that ended a process.
///
/// In Erlang: `{Error, Stacktrace}`, with the top of the stack only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PanicInfo {
    /// The text given to `panic!`, or a note that the payload was no text.
    pub message: String,
    /// `file:line:column` of the panic, where known.
    pub location: Option<String>,
    /// The process that panicked.
    pub pid: Pid,
}

impl PanicInfo {
    pub(crate) fn new(pid: Pid, message: String, location: Option<String>) -> Self {
        Self { message, location, pid }
    }
}

impl fmt::Display for PanicInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panic: {}", self.message)?;
        if let Some(location) = &self.location {
            write!(f, ", at {location}")?;
        }
        write!(f, ", in {}", self.pid)
    }
}

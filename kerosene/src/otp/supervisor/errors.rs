//! Why a supervisor did not do what it was asked.

use std::fmt;

use crate::otp::{CallError, StartError};
use crate::{ExitReason, Name, Pid};

/// Why a child was not added to a supervisor.
///
/// In Erlang: what `supervisor:start_child/2` returns beside `{ok, Pid}`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StartChildError {
    /// A child with this id runs already: this one.
    AlreadyStarted(Pid),
    /// There is a child with this id, which does not run;
    /// [`restart_child`](super::SupervisorRef::restart_child) starts it.
    AlreadyPresent,
    /// The spec makes no sense.
    Spec(SpecError),
    /// The child said that it is not needed. Its spec is kept, unless it is temporary.
    ///
    /// In Erlang: `{ok, undefined}`.
    Ignored,
    /// The child did not start. Its spec is dropped.
    Start(StartError),
    /// There are as many children as there may be.
    MaxChildren,
    /// The supervisor is not there, or ended before it answered.
    NoSupervisor(CallError),
}

/// Why nothing was done with a child.
///
/// In Erlang: what `restart_child/2`, `delete_child/2` and `terminate_child/2` return as
/// `{error, What}`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ChildError {
    /// There is no such child.
    NotFound,
    /// It runs.
    Running(Pid),
    /// It is being restarted.
    Restarting,
    /// The child said that it is not needed.
    Ignored,
    /// It did not start.
    Start(StartError),
    /// The supervisor is not there, or ended before it answered.
    NoSupervisor(CallError),
}

/// Why a supervisor did not start: one of its children did not. It is in the
/// [`ShutdownWith`](ExitReason::ShutdownWith) of a [`StartError::Failed`].
///
/// In Erlang: `{shutdown, {failed_to_start_child, Id, Reason}}`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FailedToStartChild {
    /// The id of the child.
    pub id: Name,
    /// Why it did not start.
    pub error: StartError,
}

impl FailedToStartChild {
    /// Finds it in the error of a supervisor that did not start.
    ///
    /// ```
    /// use kerosene::otp::{ChildSpec, FailedToStartChild, StartError, Supervisor};
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let broken = ChildSpec::new("broken", || async { Err::<Pid, _>(StartError::Ignored) });
    ///     assert!(Supervisor::default().child(broken).start_link().await.is_ok());
    ///     let reason = ExitReason::from("no disk");
    ///     let broken = move || {
    ///         let error = StartError::Failed(reason.clone());
    ///         async { Err::<Pid, _>(error) }
    ///     };
    ///     let supervisor = Supervisor::default().child(ChildSpec::new("broken", broken));
    ///     let error = supervisor.start_link().await.expect_err("a child does not start");
    ///     let failed = FailedToStartChild::find(&error).expect("it says which");
    ///     assert_eq!(failed.id, "broken");
    /// });
    /// ```
    pub fn find(error: &StartError) -> Option<&Self> {
        match error {
            StartError::Failed(ExitReason::ShutdownWith(term)) => term.downcast_ref(),
            _ => None,
        }
    }
}

impl fmt::Display for FailedToStartChild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the child {:?} did not start: {}", self.id, self.error)
    }
}

impl fmt::Display for StartChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted(pid) => write!(f, "a child with this id runs already, as {pid}"),
            Self::AlreadyPresent => f.write_str("there is a child with this id, which is stopped"),
            Self::Spec(error) => write!(f, "the child spec makes no sense: {error}"),
            Self::Ignored => f.write_str("the child said that it is not needed"),
            Self::Start(error) => write!(f, "the child did not start: {error}"),
            Self::MaxChildren => f.write_str("there are as many children as there may be"),
            Self::NoSupervisor(error) => write!(f, "the supervisor did not answer: {error}"),
        }
    }
}

impl fmt::Display for ChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such child"),
            Self::Running(pid) => write!(f, "the child runs, as {pid}"),
            Self::Restarting => f.write_str("the child is being restarted"),
            Self::Ignored => f.write_str("the child said that it is not needed"),
            Self::Start(error) => write!(f, "the child did not start: {error}"),
            Self::NoSupervisor(error) => write!(f, "the supervisor did not answer: {error}"),
        }
    }
}

impl std::error::Error for StartChildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spec(error) => Some(error),
            Self::Start(error) => Some(error),
            Self::NoSupervisor(error) => Some(error),
            _ => None,
        }
    }
}

impl std::error::Error for ChildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Start(error) => Some(error),
            Self::NoSupervisor(error) => Some(error),
            _ => None,
        }
    }
}

impl From<CallError> for StartChildError {
    fn from(error: CallError) -> Self {
        Self::NoSupervisor(error)
    }
}

impl From<CallError> for ChildError {
    fn from(error: CallError) -> Self {
        Self::NoSupervisor(error)
    }
}

/// A child spec that makes no sense.
///
/// In Erlang: `{start_spec, What}` and `{supervisor_data, What}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecError {
    /// Two children have this id.
    DuplicateId(Name),
    /// A significant child, though its supervisor never shuts down by itself.
    SignificantInVain(Name),
    /// A significant child that is permanent: it never ends for good.
    SignificantPermanent(Name),
    /// A child made by [`ChildSpec::once`](super::ChildSpec::once) is to be restarted.
    OnceRestarted(Name),
    /// A name is given to a child that is not a plain process.
    NameOfStarted(Name),
    /// A significant child of a [`DynamicSupervisor`](super::DynamicSupervisor).
    SignificantDynamic(Name),
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateId(id) => write!(
                f,
                "two children have the id {id:?}; give one another, with `ChildSpec::with_id`"
            ),
            Self::SignificantInVain(id) => {
                write!(f, "{id:?} is significant, and the supervisor has no `auto_shutdown`")
            }
            Self::SignificantPermanent(id) => write!(
                f,
                "{id:?} is significant and permanent; make it transient or temporary, so that it \
                 can end for good"
            ),
            Self::OnceRestarted(id) => write!(
                f,
                "{id:?} is made by `ChildSpec::once` and has a body for one start only; leave it \
                 temporary, or use `ChildSpec::process`"
            ),
            Self::NameOfStarted(id) => write!(
                f,
                "{id:?} takes its name where it is started, not in the spec; for an actor, write \
                 `ChildSpec::new({id:?}, move || actor::start_named(\"name\", ..))`"
            ),
            Self::SignificantDynamic(id) => {
                write!(f, "{id:?} is significant, which means nothing to a dynamic supervisor")
            }
        }
    }
}

impl std::error::Error for SpecError {}

//! What can be asked of a dynamic supervisor.

use std::fmt;

use super::super::errors::{ChildError, StartChildError};
use super::super::handle::{ChildCounts, ChildInfo, ask, stop};
use super::super::spec::ChildSpec;
use crate::otp::{CallError, ReplyTo};
use crate::{Dest, Destination, Pid, whereis};

/// A request to a dynamic supervisor.
#[derive(Debug)]
pub(super) enum Request {
    StartChild(Box<ChildSpec>, ReplyTo<Result<Pid, StartChildError>>),
    TerminateChild(Pid, ReplyTo<Result<(), ChildError>>),
    WhichChildren(ReplyTo<Vec<ChildInfo>>),
    CountChildren(ReplyTo<ChildCounts>),
}

/// A dynamic supervisor, to ask it for something. It stands for one process, as a
/// [`SupervisorRef`](super::super::SupervisorRef) does.
///
/// In Elixir: the pid or name that the functions of `DynamicSupervisor` take.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DynamicSupervisorRef {
    pid: Pid,
}

impl DynamicSupervisorRef {
    /// The supervisor that is registered under a name now, if there is one. Whether it is a
    /// dynamic supervisor is not looked at.
    pub fn named(name: impl AsRef<str>) -> Option<Self> {
        whereis(name).map(Self::from)
    }

    /// The pid of the supervisor.
    pub fn pid(self) -> Pid {
        self.pid
    }

    /// Starts a child.
    ///
    /// # Errors
    ///
    /// [`StartChildError`]; the supervisor does not know the child then.
    ///
    /// In Elixir: `DynamicSupervisor.start_child/2`.
    pub async fn start_child(self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        let spec = Box::new(spec);
        ask(self.pid, |reply_to| Request::StartChild(spec, reply_to)).await?
    }

    /// Stops a child, and forgets it. Returns when it has ended. A process that has ended already
    /// is no error. A child that waits to be restarted is known by the pid it had.
    ///
    /// # Errors
    ///
    /// [`ChildError::NotFound`] if the process is alive but no child, or that there is no
    /// supervisor.
    ///
    /// In Elixir: `DynamicSupervisor.terminate_child/2`.
    pub async fn terminate_child(self, child: Pid) -> Result<(), ChildError> {
        ask(self.pid, |reply_to| Request::TerminateChild(child, reply_to)).await?
    }

    /// All children, in no particular order.
    ///
    /// # Errors
    ///
    /// If there is no supervisor.
    ///
    /// In Elixir: `DynamicSupervisor.which_children/1`.
    pub async fn which_children(self) -> Result<Vec<ChildInfo>, CallError> {
        ask(self.pid, Request::WhichChildren).await
    }

    /// How many children there are.
    ///
    /// # Errors
    ///
    /// If there is no supervisor.
    ///
    /// In Elixir: `DynamicSupervisor.count_children/1`.
    pub async fn count_children(self) -> Result<ChildCounts, CallError> {
        ask(self.pid, Request::CountChildren).await
    }

    /// Makes the supervisor stop all its children at the same time and end as `Normal`. Returns
    /// when it has.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `DynamicSupervisor.stop/1`.
    pub async fn stop(self) {
        stop(self.pid).await;
    }
}

impl From<Pid> for DynamicSupervisorRef {
    fn from(pid: Pid) -> Self {
        Self { pid }
    }
}

impl From<DynamicSupervisorRef> for Pid {
    fn from(supervisor: DynamicSupervisorRef) -> Self {
        supervisor.pid
    }
}

impl Destination for DynamicSupervisorRef {
    fn dest(&self) -> Dest<'_> {
        Dest::Pid(self.pid)
    }
}

impl fmt::Debug for DynamicSupervisorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DynamicSupervisorRef({})", self.pid)
    }
}

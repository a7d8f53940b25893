//! What can be asked of a supervisor, and what it answers.

use std::fmt;
use std::time::Duration;

use super::errors::{ChildError, StartChildError};
use super::flags::{ChildKind, Restart};
use super::spec::ChildSpec;
use crate::otp::{CallError, ReplyTo, call_with, sys};
use crate::{
    Dest, Destination, Down, ExitReason, Monitor, Name, Pid, demonitor_flush, monitor, receive,
    whereis,
};

/// A request to a supervisor.
#[derive(Debug)]
pub(super) enum Request {
    StartChild(Box<ChildSpec>, ReplyTo<Result<Pid, StartChildError>>),
    TerminateChild(Name, ReplyTo<Result<(), ChildError>>),
    RestartChild(Name, ReplyTo<Result<Pid, ChildError>>),
    DeleteChild(Name, ReplyTo<Result<(), ChildError>>),
    WhichChildren(ReplyTo<Vec<ChildInfo>>),
    CountChildren(ReplyTo<ChildCounts>),
    GetChildSpec(Name, ReplyTo<Result<ChildSpec, ChildError>>),
    Child(Name, ReplyTo<Option<Pid>>),
}

/// A child, as [`which_children`](SupervisorRef::which_children) shows it.
///
/// In Erlang: `{Id, Child, Type, Modules}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildInfo {
    /// By what the supervisor knows it.
    pub id: Name,
    /// What it is doing.
    pub state: ChildState,
    /// What it is.
    pub kind: ChildKind,
    /// When it is started again.
    pub restart: Restart,
}

/// What a child is doing.
///
/// In Erlang: a pid, `restarting`, `undefined`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildState {
    /// It runs.
    Running(Pid),
    /// It has ended, and is going to be started again: after a back-off, or since the last attempt
    /// has failed.
    Restarting,
    /// It does not run, and nobody is going to start it.
    Stopped,
}

impl ChildState {
    /// The pid, if it runs.
    pub fn pid(self) -> Option<Pid> {
        match self {
            Self::Running(pid) => Some(pid),
            Self::Restarting | Self::Stopped => None,
        }
    }
}

/// How many children a supervisor has.
///
/// In Erlang: what `supervisor:count_children/1` returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ChildCounts {
    /// All, running or not.
    pub specs: usize,
    /// Those that run.
    pub active: usize,
    /// Those that are supervisors, running or not.
    pub supervisors: usize,
    /// Those that are not, running or not.
    pub workers: usize,
}

impl ChildCounts {
    /// Counts one more.
    pub(super) fn add(&mut self, kind: ChildKind, is_active: bool) {
        self.specs += 1;
        self.active += usize::from(is_active);
        match kind {
            ChildKind::Supervisor => self.supervisors += 1,
            ChildKind::Worker => self.workers += 1,
        }
    }
}

/// A supervisor, to ask it for something.
///
/// It stands for one process: when that has ended, all requests fail, also if its own supervisor
/// has started another. Under a name, ask for it anew with [`named`](Self::named).
///
/// A supervisor does one thing at a time. While it starts or stops a child it answers nobody, so
/// requests wait as long as it takes. A child that asks its own supervisor while it is being
/// started waits for ever.
///
/// In Erlang: the pid or name that the functions of `supervisor` take.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SupervisorRef {
    pid: Pid,
}

impl SupervisorRef {
    /// The supervisor that is registered under a name now, if there is one. Whether it is a
    /// supervisor is not looked at.
    pub fn named(name: impl AsRef<str>) -> Option<Self> {
        whereis(name).map(Self::from)
    }

    /// The pid of the supervisor.
    pub fn pid(self) -> Pid {
        self.pid
    }

    /// Adds a child behind all others, and starts it.
    ///
    /// # Errors
    ///
    /// [`StartChildError`]; it says what became of the spec.
    ///
    /// In Erlang: `supervisor:start_child/2`.
    pub async fn start_child(self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        let spec = Box::new(spec);
        ask(self.pid, |reply_to| Request::StartChild(spec, reply_to)).await?
    }

    /// Stops a child, and returns when it has ended. Its spec stays, unless it is temporary: the
    /// child can be started again by [`restart_child`](Self::restart_child), and is when a restart
    /// concerns it as a sibling. A child that does not run stays so.
    ///
    /// # Errors
    ///
    /// [`ChildError::NotFound`], or that there is no supervisor.
    ///
    /// In Erlang: `supervisor:terminate_child/2`.
    pub async fn terminate_child(self, id: impl Into<Name>) -> Result<(), ChildError> {
        let id = id.into();
        ask(self.pid, |reply_to| Request::TerminateChild(id, reply_to)).await?
    }

    /// Starts a child that does not run. This does not count as a restart.
    ///
    /// # Errors
    ///
    /// [`ChildError`]; if the child does not start, it stays stopped.
    ///
    /// In Erlang: `supervisor:restart_child/2`.
    pub async fn restart_child(self, id: impl Into<Name>) -> Result<Pid, ChildError> {
        let id = id.into();
        ask(self.pid, |reply_to| Request::RestartChild(id, reply_to)).await?
    }

    /// Drops the spec of a child that does not run.
    ///
    /// # Errors
    ///
    /// [`ChildError::Running`], [`ChildError::Restarting`], [`ChildError::NotFound`], or that there
    /// is no supervisor.
    ///
    /// In Erlang: `supervisor:delete_child/2`.
    pub async fn delete_child(self, id: impl Into<Name>) -> Result<(), ChildError> {
        let id = id.into();
        ask(self.pid, |reply_to| Request::DeleteChild(id, reply_to)).await?
    }

    /// All children, in the order in which they are started.
    ///
    /// # Errors
    ///
    /// If there is no supervisor.
    ///
    /// In Erlang: `supervisor:which_children/1`, which lists the newest first.
    pub async fn which_children(self) -> Result<Vec<ChildInfo>, CallError> {
        ask(self.pid, Request::WhichChildren).await
    }

    /// How many children there are.
    ///
    /// # Errors
    ///
    /// If there is no supervisor.
    ///
    /// In Erlang: `supervisor:count_children/1`.
    pub async fn count_children(self) -> Result<ChildCounts, CallError> {
        ask(self.pid, Request::CountChildren).await
    }

    /// The spec of a child.
    ///
    /// # Errors
    ///
    /// [`ChildError::NotFound`], or that there is no supervisor.
    ///
    /// In Erlang: `supervisor:get_childspec/2`.
    pub async fn get_childspec(self, id: impl Into<Name>) -> Result<ChildSpec, ChildError> {
        let id = id.into();
        ask(self.pid, |reply_to| Request::GetChildSpec(id, reply_to)).await?
    }

    /// The pid of a child, if it and the supervisor run.
    ///
    /// In Erlang: a look into the list of `supervisor:which_children/1`.
    pub async fn child(self, id: impl Into<Name>) -> Option<Pid> {
        let id = id.into();
        ask(self.pid, |reply_to| Request::Child(id, reply_to)).await.ok()?
    }

    /// Makes the supervisor stop its children in reverse order and end as `Normal`. Returns when it
    /// has.
    ///
    /// A permanent child of another supervisor is started again by that.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Erlang: `gen_server:stop/1`.
    pub async fn stop(self) {
        stop(self.pid).await;
    }
}

/// A monitor that is taken back when it is dropped.
struct Watch(Monitor);

impl Drop for Watch {
    fn drop(&mut self) {
        demonitor_flush(self.0);
    }
}

/// Tells a supervisor to stop, also one that is suspended, and waits until it has.
pub(super) async fn stop(supervisor: Pid) {
    let watch = Watch(monitor(supervisor));
    // Why there is no answer, the `Down` tells as well: it has ended.
    let _ = sys::stop(supervisor, ExitReason::Normal, Duration::MAX).await;
    receive! { Down { monitor, .. } if monitor == watch.0 => () }
}

/// Asks a supervisor, and waits as long as it takes.
pub(super) async fn ask<T: Send + 'static, M: Send + 'static>(
    supervisor: Pid,
    request: impl FnOnce(ReplyTo<T>) -> M,
) -> Result<T, CallError> {
    call_with(supervisor, request).timeout(Duration::MAX).await
}

impl From<Pid> for SupervisorRef {
    fn from(pid: Pid) -> Self {
        Self { pid }
    }
}

impl From<SupervisorRef> for Pid {
    fn from(supervisor: SupervisorRef) -> Self {
        supervisor.pid
    }
}

impl Destination for SupervisorRef {
    fn dest(&self) -> Dest<'_> {
        Dest::Pid(self.pid)
    }
}

impl fmt::Debug for SupervisorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SupervisorRef({})", self.pid)
    }
}

//! What can be asked of the process above all applications, and what it answers.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::controller::{Controller, Request};
use super::plan::Loaded;
use super::{Application, StartType};
use crate::otp::{
    CallError, ChildKind, ChildSpec, ReplyTo, StartError, StartOptions, call_with, gen_server,
};
use crate::{Dest, Destination, Exit, ExitReason, Name, Pid, receive, trap_exit};

/// The applications of a program, to be started.
///
/// ```no_run
/// use kerosene::otp::application::{Application, Applications};
/// use kerosene::otp::{Strategy, Supervisor};
/// use kerosene::prelude::*;
///
/// # async fn pool() {}
/// # async fn web() {}
/// fn database() -> Application {
///     let pool = || ChildSpec::process("pool", pool);
///     Application::new("database", move || {
///         Supervisor::new(Strategy::OneForOne).child(pool()).start_link()
///     })
/// }
///
/// fn shop() -> Application {
///     let web = || ChildSpec::process("web", web);
///     let tree = move || Supervisor::new(Strategy::OneForOne).child(web()).start_link();
///     Application::new("shop", tree).depends_on(database()).env("port", 8080_u16)
/// }
///
/// #[kerosene::main]
/// async fn main() -> ExitReason {
///     Applications::new().with(shop()).run("shop").await
/// }
/// ```
///
/// There may be several of them in one runtime; they know nothing of each other.
///
/// In Erlang: the application controller, of which a node has one.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Applications {
    pub(super) loaded: Loaded,
}

impl Applications {
    /// No applications.
    pub fn new() -> Self {
        Self { loaded: BTreeMap::new() }
    }

    /// Adds an application, in place of one of the same name, and those that it brings along,
    /// unless there are such. They are started when they are asked for.
    ///
    /// In Erlang: `application:load/1`.
    pub fn with(mut self, mut application: Application) -> Self {
        let mut brought = std::mem::take(&mut application.brought);
        self.loaded.insert(application.name.clone(), application);
        while let Some(mut other) = brought.pop() {
            brought.append(&mut other.brought);
            self.loaded.entry(other.name.clone()).or_insert(other);
        }
        self
    }

    /// Starts the process above the applications, linked to the current one, and no application.
    ///
    /// When the current process ends, all applications are stopped in the reverse order of their
    /// starts.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn start_link(self) -> impl Future<Output = Result<ApplicationsRef, StartError>> + Send {
        self.start_link_at(Location::caller())
    }

    /// `start_link` for a caller that is not the one to be named.
    async fn start_link_at(
        self,
        caller: &'static Location<'static>,
    ) -> Result<ApplicationsRef, StartError> {
        let options = StartOptions::new().trap_exit().label("applications").spawned_at(caller);
        gen_server::start_link::<Controller>(options, self).await.map(ApplicationsRef::from)
    }

    /// Makes the process above the applications a child of a supervisor; it starts this one and
    /// what it depends on, as permanent applications.
    #[track_caller]
    pub fn child_spec(self, id: impl Into<Name>, name: impl Into<Name>) -> ChildSpec {
        let (name, caller) = (name.into(), Location::caller());
        let start = move || {
            let (applications, name) = (self.clone(), name.clone());
            async move {
                let applications = applications.start_link_at(caller).await?;
                match applications.start(name, StartType::Permanent).await {
                    Ok(_) => Ok(applications),
                    Err(error) => {
                        applications.end().await;
                        Err(StartError::Failed(ExitReason::error(error)))
                    }
                }
            }
        };
        ChildSpec::new(id, start).kind(ChildKind::Supervisor)
    }

    /// Runs a program: starts an application and what it depends on, as permanent ones, and waits
    /// until one of them ends or the runtime stops. For the body of `main`.
    ///
    /// Returns why: an [`ApplicationError`] or an [`ApplicationEnded`](super::ApplicationEnded), or
    /// `Shutdown` when the runtime stops. From then on the current process traps exits.
    ///
    /// A runtime that stops gives the applications half of its deadline to stop one after the
    /// other. Where signals must give them as long as it takes, use `#[kerosene::main(app)]`.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn run(self, name: impl Into<Name>) -> impl Future<Output = ExitReason> + Send {
        let (name, caller) = (name.into(), Location::caller());
        async move {
            trap_exit(true);
            match self.begin_at(name, caller).await {
                Ok(applications) => {
                    receive! { Exit { pid, reason } if pid == applications.pid() => reason }
                }
                Err(reason) => reason,
            }
        }
    }

    /// What a program begins with; an error is the reason for its end.
    pub(crate) async fn begin_at(
        self,
        name: Name,
        caller: &'static Location<'static>,
    ) -> Result<ApplicationsRef, ExitReason> {
        let applications = self.start_link_at(caller).await.map_err(ExitReason::error)?;
        match applications.start(name, StartType::Permanent).await {
            Ok(_) => Ok(applications),
            Err(error) => {
                applications.end().await;
                Err(ExitReason::error(error))
            }
        }
    }
}

/// The process above the applications, to ask it for something.
///
/// It does one thing at a time: while it starts or stops an application it answers nobody, so
/// requests wait as long as it takes. What is being started must not ask it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApplicationsRef {
    pid: Pid,
}

/// An application that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationInfo {
    /// Its name.
    pub name: Name,
    /// What its end means.
    pub start_type: StartType,
    /// The process above its tree.
    pub master: Pid,
}

impl ApplicationsRef {
    /// The pid.
    pub fn pid(self) -> Pid {
        self.pid
    }

    /// Starts an application, and before it, with the same start type, what it depends on and does
    /// not run yet. Returns what was started, in this order; nothing, if the application runs.
    ///
    /// # Errors
    ///
    /// [`ApplicationError`]; what was started is stopped again then.
    ///
    /// In Erlang: `application:ensure_all_started/2`.
    pub async fn start(
        self,
        name: impl Into<Name>,
        start_type: StartType,
    ) -> Result<Vec<Name>, ApplicationError> {
        let name = name.into();
        self.ask(|reply_to| Request::Start(name, start_type, reply_to)).await?
    }

    /// Stops an application in order, and before it those that depend on it, the last started
    /// first. Returns what was stopped, in this order.
    ///
    /// What it depends on itself runs on. This is no end that start types are about.
    ///
    /// # Errors
    ///
    /// [`ApplicationError::NotRunning`], or that the process has ended.
    ///
    /// In Erlang: `application:stop/1`, which leaves those that depend on it running.
    pub async fn stop(self, name: impl Into<Name>) -> Result<Vec<Name>, ApplicationError> {
        let name = name.into();
        self.ask(|reply_to| Request::Stop(name, reply_to)).await?
    }

    /// The applications that run, in the order of their starts.
    ///
    /// # Errors
    ///
    /// If the process has ended.
    ///
    /// In Erlang: `application:which_applications/0`.
    pub async fn which(self) -> Result<Vec<ApplicationInfo>, CallError> {
        self.ask(Request::Which).await
    }

    /// Stops all applications, the last started first, and ends the process above them as
    /// `Normal`. Returns when all has ended.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    pub async fn end(self) {
        // If it does not answer it has ended.
        let _ = crate::otp::sys::stop(self.pid, ExitReason::Normal, Duration::MAX).await;
    }

    async fn ask<T: Send + 'static>(
        self,
        request: impl FnOnce(ReplyTo<T>) -> Request,
    ) -> Result<T, CallError> {
        call_with(self.pid, request).timeout(Duration::MAX).await
    }
}

impl From<Pid> for ApplicationsRef {
    fn from(pid: Pid) -> Self {
        Self { pid }
    }
}

impl From<ApplicationsRef> for Pid {
    fn from(applications: ApplicationsRef) -> Self {
        applications.pid
    }
}

impl Destination for ApplicationsRef {
    fn dest(&self) -> Dest<'_> {
        Dest::Pid(self.pid)
    }
}

impl fmt::Debug for ApplicationsRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApplicationsRef({})", self.pid)
    }
}

/// Why an application was not started or not stopped.
///
/// In Erlang: what `application:start/1` and `application:stop/1` return beside `ok`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ApplicationError {
    /// There is no application of that name.
    Unknown(Name),
    /// These depend on each other: each on the next, the last on the first.
    Cycle(Vec<Name>),
    /// The tree of an application has not started.
    Start {
        /// Which, perhaps one that was depended on.
        name: Name,
        /// Why.
        error: StartError,
    },
    /// It does not run.
    NotRunning(Name),
    /// The process above the applications has not answered.
    Call(CallError),
}

impl fmt::Display for ApplicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "there is no application {name:?}"),
            Self::Cycle(names) => write!(f, "these applications depend on each other: {names:?}"),
            Self::Start { name, error } => {
                write!(f, "the application {name:?} has not started: {error}")
            }
            Self::NotRunning(name) => write!(f, "the application {name:?} does not run"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl Error for ApplicationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<CallError> for ApplicationError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

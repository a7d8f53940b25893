//! What a supervisor knows of a child: how it is started, stopped, and started again.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::backoff::Backoff;
use super::errors::SpecError;
use super::flags::{AutoShutdown, ChildKind, Restart, Shutdown};
use super::probe::Probe;
use super::start_fn::{self, Acknowledged, How, Observed, Once, Plain, StartFn};
use super::thread::{Stopping, thread_body};
use crate::otp::{StartError, StartOptions};
use crate::{IntoExitReason, Name, Pid};

/// What a spec was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A function that starts a process.
    Start,
    /// A function that makes the body of a process.
    Plain,
    /// A body.
    Once,
}

/// How long a worker has to end when it is told to.
const WORKER_SHUTDOWN: Duration = Duration::from_secs(5);

/// How a child is started, stopped, and started again.
///
/// A spec is made for one of the kinds of children, and then refined:
///
/// | child | made by |
/// |---|---|
/// | an actor, or anything that says when it is ready | [`new`](Self::new) |
/// | a plain process | [`process`](Self::process), [`once`](Self::once) |
/// | a function that blocks its thread | [`blocking`](Self::blocking) |
/// | a supervisor | [`Supervisor::child_spec`](super::Supervisor::child_spec) |
///
/// Unless it says otherwise a child is [permanent](Restart::Permanent), and has five seconds to end
/// when it is told to; a supervisor has as long as it takes.
///
/// ```
/// use kerosene::otp::{ChildSpec, Restart};
/// use kerosene::prelude::*;
///
/// async fn ticker() {
///     loop {
///         sleep(Duration::from_secs(1)).await;
///         send("clock", "tick");
///     }
/// }
///
/// let spec = ChildSpec::process("ticker", ticker)
///     .restart(Restart::Transient)
///     .shutdown(Duration::from_secs(2));
/// assert_eq!(spec.id(), "ticker");
/// ```
///
/// In Erlang: `supervisor:child_spec()`.
#[derive(Clone)]
#[must_use]
pub struct ChildSpec {
    id: Name,
    restart: Restart,
    shutdown: Option<Shutdown>,
    kind: ChildKind,
    is_significant: bool,
    source: Source,
    /// Who has made it; this is where a plain process counts as spawned.
    made_at: &'static Location<'static>,
    /// For a plain process: its name.
    options: Option<Box<StartOptions>>,
    backoff: Option<Box<Backoff>>,
    probe: Option<Box<Probe>>,
    /// `None` when it is not needed any more.
    start: Option<Arc<dyn StartFn>>,
}

impl ChildSpec {
    /// A child that is started by a function, which waits until it is ready.
    ///
    /// The function runs in the supervisor. It must link the process to its caller, as a
    /// `start_link` does. While it runs the supervisor does nothing else, so leave what takes long
    /// to the child.
    ///
    /// ```
    /// use kerosene::otp::{self, ChildSpec, StartError, StartOptions};
    /// use kerosene::prelude::*;
    ///
    /// async fn start_cache(size: usize) -> Result<Pid, StartError> {
    ///     otp::start_link(StartOptions::new().name("cache"), move |starting| async move {
    ///         let mut cache = vec![0_u8; size];
    ///         starting.ready();
    ///         loop {
    ///             receive! { at: usize => cache[at] += 1 }
    ///         }
    ///     })
    ///     .await
    /// }
    ///
    /// let spec = ChildSpec::new("cache", || start_cache(100));
    /// # let _ = spec;
    /// ```
    #[track_caller]
    pub fn new<F, B, P, E>(id: impl Into<Name>, start: F) -> Self
    where
        F: Fn() -> B + Send + Sync + 'static,
        B: Future<Output = Result<P, E>> + Send + 'static,
        P: Into<Pid>,
        E: Into<StartError>,
    {
        Self::with(id.into(), Source::Start, Arc::new(Acknowledged(start)))
    }

    /// A child that is a plain process: each start makes a body and spawns it.
    ///
    /// It counts as started at once. Processes that must have initialised themselves before the
    /// next child starts are made with [`new`](Self::new).
    #[track_caller]
    pub fn process<F, B>(id: impl Into<Name>, body: F) -> Self
    where
        F: Fn() -> B + Send + Sync + 'static,
        B: Future<Output: IntoExitReason> + Send + 'static,
    {
        Self::with(id.into(), Source::Plain, Arc::new(Plain(body)))
    }

    /// A temporary child that is one given body, which may own what cannot be copied: a connection,
    /// a request.
    ///
    /// ```
    /// use kerosene::otp::{ChildSpec, DynamicSupervisor};
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let connections = DynamicSupervisor::new().start_link().await?;
    ///     let socket = Box::new("not to be cloned");
    ///     let spec = ChildSpec::once("connection", async move { drop(socket) });
    ///     connections.start_child(spec).await?;
    ///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// ```
    #[track_caller]
    pub fn once<B>(id: impl Into<Name>, body: B) -> Self
    where
        B: Future<Output: IntoExitReason> + Send + 'static,
    {
        let once = Once(Mutex::new(Some(body)));
        Self::with(id.into(), Source::Once, Arc::new(once)).restart(Restart::Temporary)
    }

    /// A child that is a function which blocks its thread, on tokio's blocking threads.
    ///
    /// Nobody can end it from outside. It has to look at [`Stopping::is_set`] now and then and
    /// return soon after that is true. When the time of its [`shutdown`](Self::shutdown) is over it
    /// counts as stopped, though the thread runs on; what it sends from then on is dropped.
    ///
    /// ```
    /// use std::thread;
    ///
    /// use kerosene::otp::ChildSpec;
    /// use kerosene::prelude::*;
    ///
    /// let spec = ChildSpec::blocking("sampler", |stopping| {
    ///     while !stopping.is_set() {
    ///         send("samples", 17);
    ///         thread::sleep(Duration::from_millis(100));
    ///     }
    /// });
    /// # let _ = spec;
    /// ```
    #[track_caller]
    pub fn blocking<F, T>(id: impl Into<Name>, work: F) -> Self
    where
        F: Fn(&Stopping) -> T + Send + Sync + 'static,
        T: IntoExitReason + Send + 'static,
    {
        let work = Arc::new(work);
        Self::process(id, move || thread_body(Arc::clone(&work)))
    }

    #[track_caller]
    fn with(id: Name, source: Source, start: Arc<dyn StartFn>) -> Self {
        Self {
            id,
            restart: Restart::default(),
            shutdown: None,
            kind: ChildKind::default(),
            is_significant: false,
            source,
            made_at: Location::caller(),
            options: None,
            backoff: None,
            probe: None,
            start: Some(start),
        }
    }

    /// Changes its id: for the second child of the same kind.
    pub fn with_id(mut self, id: impl Into<Name>) -> Self {
        self.id = id.into();
        self
    }

    /// When it is started again.
    pub fn restart(mut self, restart: Restart) -> Self {
        self.restart = restart;
        self
    }

    /// How it is stopped: a [`Shutdown`], or a [`Duration`] after which it is killed.
    pub fn shutdown(mut self, shutdown: impl Into<Shutdown>) -> Self {
        self.shutdown = Some(shutdown.into());
        self
    }

    /// What it is. A supervisor has as much time to stop as it takes, unless
    /// [`shutdown`](Self::shutdown) says otherwise.
    pub fn kind(mut self, kind: ChildKind) -> Self {
        self.kind = kind;
        self
    }

    /// Makes its end count for the [`AutoShutdown`] of its supervisor.
    pub fn significant(mut self) -> Self {
        self.is_significant = true;
        self
    }

    /// Registers a plain process under a name, before its body runs. After a restart the name leads
    /// to the new process.
    ///
    /// An actor takes its name where it is started, so its spec is made by [`new`](Self::new): as
    /// in `ChildSpec::new("store", || store::start_named("store", 3))`. With a name given here it
    /// is refused, as [`SpecError::NameOfStarted`].
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        let options = self.options.take().map_or_else(StartOptions::new, |options| *options);
        self.options = Some(Box::new(options.name(name)));
        self
    }

    /// Waits before restarts of this child, in place of what its supervisor says.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = Some(Box::new(backoff));
        self
    }

    /// Asks it again and again whether it is well, and kills it if it is not.
    pub fn probe(mut self, probe: Probe) -> Self {
        self.probe = Some(Box::new(probe));
        self
    }

    /// By what it is known to its supervisor.
    pub fn id(&self) -> &Name {
        &self.id
    }

    /// When it is started again.
    pub fn restart_type(&self) -> Restart {
        self.restart
    }

    /// How it is stopped.
    pub fn shutdown_type(&self) -> Shutdown {
        self.shutdown.unwrap_or(match self.kind {
            ChildKind::Worker => Shutdown::After(WORKER_SHUTDOWN),
            ChildKind::Supervisor => Shutdown::Infinity,
        })
    }

    /// What it is.
    pub fn child_kind(&self) -> ChildKind {
        self.kind
    }

    /// Whether its end counts for the [`AutoShutdown`] of its supervisor.
    pub fn is_significant(&self) -> bool {
        self.is_significant
    }
}

impl ChildSpec {
    /// Whether this can be a child of a supervisor that shuts down like that.
    pub(super) fn check(&self, auto_shutdown: AutoShutdown) -> Result<(), SpecError> {
        let id = || self.id.clone();
        if self.is_significant && auto_shutdown == AutoShutdown::Never {
            return Err(SpecError::SignificantInVain(id()));
        }
        if self.is_significant && self.restart == Restart::Permanent {
            return Err(SpecError::SignificantPermanent(id()));
        }
        if self.source == Source::Once && self.restart != Restart::Temporary {
            return Err(SpecError::OnceRestarted(id()));
        }
        if self.source == Source::Start && self.options.is_some() {
            return Err(SpecError::NameOfStarted(id()));
        }
        Ok(())
    }

    /// Whether this is a supervisor that is not restarted when it gives up, though it does not say
    /// that its end means something.
    pub(super) fn is_lost_when_it_gives_up(&self) -> bool {
        let is_supervisor = self.kind == ChildKind::Supervisor;
        is_supervisor && self.restart == Restart::Transient && !self.is_significant
    }

    pub(super) fn backoff_or(&self, other: Option<Backoff>) -> Option<Backoff> {
        self.backoff.as_deref().copied().or(other)
    }

    pub(super) fn probe_of(&self) -> Option<&Probe> {
        self.probe.as_deref()
    }

    /// Has a function called with the pid, each time the child has started.
    pub(super) fn on_start(mut self, tell: impl Fn(Pid) + Send + Sync + 'static) -> Self {
        let tell: Arc<dyn Fn(Pid) + Send + Sync> = Arc::new(tell);
        let observed = |start| Arc::new(Observed { start, tell }) as Arc<dyn StartFn>;
        self.start = self.start.map(observed);
        self
    }

    /// Starts the child; called by its supervisor.
    pub(super) async fn start(&self) -> Result<Pid, StartError> {
        match &self.start {
            Some(start) => {
                let (options, made_at) = (self.options.as_deref(), self.made_at);
                let how = How { id: &self.id, options, made_at };
                start_fn::start(&**start, &how).await
            }
            None => Err(StartError::Failed("a temporary child is started once".into())),
        }
    }

    /// Whether the child is linked to its supervisor by its start.
    pub(super) fn links(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.links())
    }

    /// Drops what is only needed to start the child again.
    pub(super) fn forget_start(&mut self) {
        self.start = None;
        self.probe = None;
    }
}

impl fmt::Debug for ChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("id", &self.id)
            .field("restart", &self.restart)
            .field("shutdown", &self.shutdown_type())
            .field("kind", &self.kind)
            .field("is_significant", &self.is_significant)
            .finish_non_exhaustive()
    }
}

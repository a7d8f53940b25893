//! Supervisors made at run time, and what `#[supervisor]` makes of a module.

use std::panic::Location;
use std::time::Duration;

use super::answers::add_all;
use super::backoff::Backoff;
use super::children::Children;
use super::core::{Core, options};
use super::flags::{AutoShutdown, ChildKind, Strategy};
use super::handle::SupervisorRef;
use super::intensity::Intensity;
use super::server::Server;
use super::spec::ChildSpec;
use crate::otp::{StartError, Starting, start, start_link};
use crate::{ExitReason, Name, Pid, pid};

/// A supervisor that is to be started: it starts its children in order, and starts them again when
/// they fail.
///
/// Without anything said it restarts only [the child that failed](Strategy::OneForOne), and gives
/// up at the second restart within five seconds.
///
/// ```
/// use kerosene::otp::{ChildSpec, Strategy, Supervisor};
/// use kerosene::prelude::*;
///
/// async fn counter() {
///     let mut count = 0;
///     loop {
///         receive! { n: i32 => count += 10 / n }
///     }
/// }
///
/// kerosene::run(async {
///     let supervisor = Supervisor::new(Strategy::OneForAll)
///         .intensity(3, Duration::from_secs(5))
///         .child(ChildSpec::process("counter", counter).name("counter"))
///         .start_link()
///         .await?;
///     let first = supervisor.child("counter").await.expect("it runs");
///     let watch = monitor(first);
///     send("counter", 0);
///     receive! { Down { monitor, .. } if monitor == watch => () }
///     let second = supervisor.child("counter").await.expect("it runs again");
///     assert_ne!(first, second);
///     assert_eq!(whereis("counter"), Some(second));
///     Ok::<(), kerosene::otp::StartError>(())
/// });
/// ```
///
/// In Erlang: a `supervisor` callback module.
#[derive(Debug, Clone)]
#[must_use]
pub struct Supervisor {
    strategy: Strategy,
    intensity: u32,
    period: Duration,
    auto_shutdown: AutoShutdown,
    backoff: Option<Backoff>,
    name: Option<Name>,
    children: Vec<ChildSpec>,
}

impl Default for Supervisor {
    fn default() -> Self {
        Self::new(Strategy::OneForOne)
    }
}

impl Supervisor {
    /// A supervisor without children.
    pub fn new(strategy: Strategy) -> Self {
        Self {
            strategy,
            intensity: 1,
            period: Duration::from_secs(5),
            auto_shutdown: AutoShutdown::Never,
            backoff: None,
            name: None,
            children: Vec::new(),
        }
    }

    /// How many restarts are allowed within how much time. At one more the supervisor gives up: it
    /// stops its children and ends as `Shutdown`. Zero allows none.
    ///
    /// The window slides: what counts is whether that many restarts have happened within the last
    /// `period`, to the nanosecond. (In Erlang it is counted in whole seconds.)
    pub fn intensity(mut self, restarts_max: u32, period: Duration) -> Self {
        self.intensity = restarts_max;
        self.period = period;
        self
    }

    /// Makes it stop when its work is done.
    pub fn auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Self {
        self.auto_shutdown = auto_shutdown;
        self
    }

    /// Waits before restarts, of all children that do not say otherwise. With
    /// [`RestForOne`](Strategy::RestForOne) and [`OneForAll`](Strategy::OneForAll) the siblings run
    /// on while it waits, and are stopped when the restart begins.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = Some(backoff);
        self
    }

    /// Registers the supervisor under a name.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds a child, to be started behind those added before.
    pub fn child(mut self, spec: ChildSpec) -> Self {
        self.children.push(spec);
        self
    }

    /// Adds several children.
    pub fn children(mut self, specs: impl IntoIterator<Item = ChildSpec>) -> Self {
        self.children.extend(specs);
        self
    }

    /// Starts the supervisor, linked to the current process, and its children, one after the other.
    /// Returns when all have said that they are ready.
    ///
    /// The current process is its parent: when that ends, whatever the reason, the supervisor stops
    /// its children in reverse order and ends as well.
    ///
    /// # Errors
    ///
    /// [`StartError`]. If a child does not start, those that were started are stopped in reverse
    /// order, and the error is a [`StartError::Failed`] that
    /// [says which it was](super::FailedToStartChild::find). A spec that makes no sense is a
    /// [`SpecError`](super::SpecError) in there.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Erlang: `supervisor:start_link/2,3`. There a caller that does not trap exits ends if a
    /// child does not start; here it gets the error.
    #[track_caller]
    pub fn start_link(self) -> impl Future<Output = Result<SupervisorRef, StartError>> + Send {
        self.start_link_at(Location::caller())
    }

    /// Starts the supervisor without a link. Nothing but a request or an exit signal stops it.
    ///
    /// # Errors
    ///
    /// As [`start_link`](Self::start_link).
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn start(self) -> impl Future<Output = Result<SupervisorRef, StartError>> + Send {
        let options = options("supervisor", self.name.as_ref(), Location::caller());
        async { Ok(start(options, |starting| self.run(starting, None)).await?.into()) }
    }

    /// Makes this supervisor a child of another.
    ///
    /// It has as much time to stop as its children need.
    #[track_caller]
    pub fn child_spec(self, id: impl Into<Name>) -> ChildSpec {
        let caller = Location::caller();
        ChildSpec::new(id, move || self.clone().start_link_at(caller)).kind(ChildKind::Supervisor)
    }

    async fn start_link_at(
        self,
        caller: &'static Location<'static>,
    ) -> Result<SupervisorRef, StartError> {
        let (options, parent) = (options("supervisor", self.name.as_ref(), caller), pid());
        Ok(start_link(options, move |starting| self.run(starting, Some(parent))).await?.into())
    }

    async fn run(self, starting: Starting, parent: Option<Pid>) -> ExitReason {
        let intensity = Intensity::new(self.intensity, self.period);
        let mut server = Server {
            core: Core::new(self.name, parent, intensity, self.backoff),
            strategy: self.strategy,
            auto_shutdown: self.auto_shutdown,
            children: Children::default(),
        };
        match add_all(&mut server, self.children) {
            Ok(()) => server.start_and_run(starting).await,
            Err(error) => starting.refuse(ExitReason::error(error)),
        }
    }
}

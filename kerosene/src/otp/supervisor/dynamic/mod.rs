//! Supervisors of children that come and go: connections, sessions, jobs.
//!
//! Their children have no order and no ids of their own: each is known by its pid. So nothing here
//! costs more when there are many of them, and all are stopped at the same time.

mod handle;
mod server;

use std::panic::Location;
use std::time::Duration;

use self::server::Server;
use super::backoff::Backoff;
use super::core::{Core, options};
use super::flags::ChildKind;
use super::intensity::Intensity;
use super::spec::ChildSpec;
use super::supervise::Supervise;
use crate::otp::{StartError, Starting, start, start_link};
use crate::{ExitReason, Name, Pid, pid};

pub use handle::DynamicSupervisorRef;

/// A supervisor that is to be started, of children that are added while it runs.
///
/// It restarts a child that fails, if its spec says so, and no other with it. A child that ended
/// and is not restarted is forgotten, also a transient one. The ids of the specs are for reports;
/// any number of children may have the same. Without anything said it gives up at the fourth
/// restart within five seconds.
///
/// It does one thing at a time: while a child starts, all others wait to be started. So leave what
/// takes long to the children, or have several with a
/// [`PartitionSupervisor`](super::PartitionSupervisor).
///
/// ```
/// use kerosene::otp::{ChildSpec, DynamicSupervisor, Restart};
/// use kerosene::prelude::*;
///
/// async fn session(user: String) {
///     receive! { "bye" => println!("{user} leaves") }
/// }
///
/// kerosene::run(async {
///     let sessions = DynamicSupervisor::new().max_children(1000).start_link().await?;
///     for user in ["joe", "mike", "robert"] {
///         let spec = ChildSpec::process("session", move || session(user.to_owned()));
///         let child = sessions.start_child(spec.restart(Restart::Transient)).await?;
///         send(child, "bye");
///     }
///     sessions.stop().await;
///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// });
/// ```
///
/// In Erlang: a supervisor with `simple_one_for_one`; in Elixir: `DynamicSupervisor`.
#[derive(Debug, Clone)]
#[must_use]
pub struct DynamicSupervisor {
    intensity: u32,
    period: Duration,
    max_children: usize,
    backoff: Option<Backoff>,
    name: Option<Name>,
}

impl Default for DynamicSupervisor {
    fn default() -> Self {
        Self::new()
    }
}

impl DynamicSupervisor {
    /// A supervisor for any number of children.
    pub fn new() -> Self {
        Self {
            intensity: 3,
            period: Duration::from_secs(5),
            max_children: usize::MAX,
            backoff: None,
            name: None,
        }
    }

    /// How many restarts are allowed within how much time, of all children together; see
    /// [`Supervisor::intensity`](super::Supervisor::intensity).
    pub fn intensity(mut self, restarts_max: u32, period: Duration) -> Self {
        self.intensity = restarts_max;
        self.period = period;
        self
    }

    /// How many children there may be. At one more,
    /// [`start_child`](DynamicSupervisorRef::start_child) refuses.
    pub fn max_children(mut self, max_children: usize) -> Self {
        self.max_children = max_children;
        self
    }

    /// Waits before restarts, of all children that do not say otherwise.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = Some(backoff);
        self
    }

    /// Registers the supervisor under a name.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Starts the supervisor, linked to the current process, which is its parent.
    ///
    /// # Errors
    ///
    /// [`StartError::AlreadyStarted`] if the name is taken.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `DynamicSupervisor.start_link/1`.
    #[track_caller]
    pub fn start_link(
        self,
    ) -> impl Future<Output = Result<DynamicSupervisorRef, StartError>> + Send {
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
    pub fn start(self) -> impl Future<Output = Result<DynamicSupervisorRef, StartError>> + Send {
        let options = options("dynamic supervisor", self.name.as_ref(), Location::caller());
        async { Ok(start(options, |starting| self.run(starting, None)).await?.into()) }
    }

    /// Makes this supervisor a child of another. After a restart it has no children.
    #[track_caller]
    pub fn child_spec(self, id: impl Into<Name>) -> ChildSpec {
        let caller = Location::caller();
        ChildSpec::new(id, move || self.clone().start_link_at(caller)).kind(ChildKind::Supervisor)
    }

    async fn start_link_at(
        self,
        caller: &'static Location<'static>,
    ) -> Result<DynamicSupervisorRef, StartError> {
        let (options, parent) = (options("dynamic supervisor", self.name.as_ref(), caller), pid());
        Ok(start_link(options, move |starting| self.run(starting, Some(parent))).await?.into())
    }

    async fn run(self, starting: Starting, parent: Option<Pid>) -> ExitReason {
        let intensity = Intensity::new(self.intensity, self.period);
        let core = Core::new(self.name, parent, intensity, self.backoff);
        starting.ready();
        Server::new(core, self.max_children).run().await
    }
}

//! What goes into a start, and what comes out of it.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::otp::supervisor::FailedToStartChild;
use crate::{ExitReason, Name, Pid};

/// How a process is started: its names, how long its initialisation may take, and more.
///
/// ```
/// use kerosene::otp::StartOptions;
/// use kerosene::prelude::*;
///
/// let options = StartOptions::new().name("counter").timeout(Duration::from_secs(5));
/// # let _ = options;
/// ```
///
/// In Erlang: the name and the options of `gen_server:start_link/4`.
#[derive(Debug, Clone)]
#[must_use]
pub struct StartOptions {
    pub(super) names: Vec<Name>,
    pub(super) timeout: Duration,
    pub(super) trap_exit: bool,
    pub(super) label: Option<String>,
    pub(super) spawned_at: Option<&'static Location<'static>>,
}

impl Default for StartOptions {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            timeout: Duration::MAX,
            trap_exit: false,
            label: None,
            spawned_at: None,
        }
    }
}

impl StartOptions {
    /// No name, and as much time as it takes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the process under a name before it initialises itself. Given several times, the
    /// process has several names.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        let name = name.into();
        if !self.names.contains(&name) {
            self.names.push(name);
        }
        self
    }

    /// How long the initialisation may take; after that the process is killed.
    /// [`Duration::MAX`], the default, is for ever.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Lets the process trap exits from the beginning, as
    /// [`SpawnOptions::trap_exit`](crate::SpawnOptions::trap_exit).
    pub fn trap_exit(mut self) -> Self {
        self.trap_exit = true;
        self
    }

    /// A text that says what the process is, for reports.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The line that reports name as the one where the process was spawned, in place of that which
    /// calls the starting function: see
    /// [`SpawnOptions::spawned_at`](crate::SpawnOptions::spawned_at).
    ///
    /// An `async fn` does not know its caller. So a starting function of your own is an ordinary
    /// one that returns a future, if its line is not the one to be named.
    ///
    /// ```
    /// use std::panic::Location;
    ///
    /// use kerosene::otp::{self, StartError, StartOptions};
    /// use kerosene::prelude::*;
    ///
    /// #[track_caller]
    /// fn start_cache() -> impl Future<Output = Result<Pid, StartError>> {
    ///     let options = StartOptions::new().name("cache").spawned_at(Location::caller());
    ///     async move {
    ///         otp::start_link(options, |starting| async move {
    ///             starting.ready();
    ///             sleep(Duration::MAX).await;
    ///         })
    ///         .await
    ///     }
    /// }
    ///
    /// kerosene::run(async {
    ///     let cache = start_cache().await?;
    ///     let line = line!() - 1;
    ///     let info = process_info(cache).await.expect("it is alive");
    ///     assert_eq!(info.spawned_at.line(), line);
    ///     Ok::<(), StartError>(())
    /// });
    /// ```
    ///
    /// In Erlang: no equivalent.
    pub fn spawned_at(mut self, place: &'static Location<'static>) -> Self {
        self.spawned_at = Some(place);
        self
    }

    /// Notes who has called a starting function, unless the options say whom to name.
    pub(in crate::otp) fn called_from(mut self, caller: &'static Location<'static>) -> Self {
        self.spawned_at.get_or_insert(caller);
        self
    }
}

/// Why a process did not start. When the starter sees it, the process is dead and its names are
/// free.
///
/// In Erlang: what `start_link` returns beside `{ok, Pid}`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StartError {
    /// A process has the name already: this one.
    AlreadyStarted(Pid),
    /// The process said that it is not needed ([`Starting::ignore`]).
    Ignored,
    /// The initialisation failed.
    Failed(ExitReason),
    /// The initialisation took too long.
    Timeout,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted(pid) => write!(f, "already started: {pid} has its name"),
            Self::Ignored => f.write_str("the process said that it is not needed"),
            Self::Failed(reason) => match FailedToStartChild::find(self) {
                Some(failed) => write!(f, "{failed}"),
                None => write!(f, "the initialisation failed: {reason}"),
            },
            Self::Timeout => f.write_str("the initialisation took too long"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(ExitReason::Error(error)) => Some(&**error),
            _ => None,
        }
    }
}

/// What a process that is being started owes its starter: an acknowledgement.
///
/// A body that ends without giving one has failed, with the reason it ended for. One that neither
/// gives it nor ends lets its starter wait until the timeout.
///
/// In Erlang: `proc_lib:init_ack/1` and `proc_lib:init_fail/2`.
#[derive(Debug)]
#[must_use = "the starter waits for an acknowledgement"]
pub struct Starting(pub(super) oneshot::Sender<Result<(), StartError>>);

impl Starting {
    /// The process is ready: the starter goes on, with the pid.
    pub fn ready(self) {
        let _ = self.0.send(Ok(()));
    }

    /// The process is not needed. Return the result from the body: the process ends as `Normal`,
    /// and the starter gets [`StartError::Ignored`].
    #[must_use = "return it from the body"]
    pub fn ignore(self) -> ExitReason {
        let _ = self.0.send(Err(StartError::Ignored));
        ExitReason::Normal
    }

    /// The process cannot start. Return the result from the body: the process ends as `Normal`, in
    /// silence, and the starter gets the reason in [`StartError::Failed`].
    ///
    /// In Erlang: `{error, Reason}` from `init/1`.
    #[must_use = "return it from the body"]
    pub fn refuse(self, reason: impl Into<ExitReason>) -> ExitReason {
        let _ = self.0.send(Err(StartError::Failed(reason.into())));
        ExitReason::Normal
    }

    /// The process has failed to start. Return the result from the body: the process ends with the
    /// reason, which is reported and goes over its links; the starter gets it in
    /// [`StartError::Failed`].
    ///
    /// A starter that is linked and does not trap exits ends as well. Most often
    /// [`refuse`](Self::refuse) is what you want.
    ///
    /// In Erlang: `{stop, Reason}` from `init/1`.
    #[must_use = "return it from the body"]
    pub fn fail(self, reason: impl Into<ExitReason>) -> ExitReason {
        let reason = reason.into();
        let _ = self.0.send(Err(StartError::Failed(reason.clone())));
        reason
    }
}

//! A running system of processes, as a value.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::builder::RuntimeBuilder;
use super::schedulers::Schedulers;
use super::signals::Signals;
use super::stop::{StopCause, Stopped, Tasks, halt, stop_processes, wait_for_cause};
use super::watchdog::Watchdog;
use crate::process::{Birth, Spawn, current_pid};
use crate::term::{ExitReason, IntoExitReason, Pid};

/// Schedulers, timers and the threads under them: what processes run on.
///
/// [`#[kerosene::main]`](crate::main) and [`kerosene::run`](crate::run) make one; make your own to
/// choose its settings, to have several, or to run processes inside a program that has a tokio
/// runtime already. All runtimes of an OS process share pids and names: any process can send to any
/// other.
///
/// Dropping a runtime kills its processes, without a deadline and without waiting.
///
/// ```
/// use kerosene::prelude::*;
///
/// // Beside other async code, on the tokio runtime that is there.
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kerosene::StartError> {
/// let tokio = tokio::runtime::Handle::current();
/// let runtime = Runtime::builder().tokio(tokio).build()?;
/// let echo = runtime.spawn(async {
///     receive! { (from, text): (Pid, &str) => send(from, text) }
/// });
/// let stopped = runtime.run_async(async move {
///     send(echo, (pid(), "hello"));
///     receive! { text: &str => assert_eq!(text, "hello") }
/// });
/// assert_eq!(stopped.await.reason, ExitReason::Normal);
/// # Ok(())
/// # }
/// ```
///
/// In Erlang: a node, but for the names and pids, which here belong to the OS process.
pub struct Runtime {
    settings: RuntimeBuilder,
    schedulers: &'static Schedulers,
    /// `None` once it has been shut down.
    tokio: Option<Tokio>,
    tasks: Tasks,
    watchdog: Watchdog,
}

/// The tokio runtime underneath.
#[derive(Debug)]
pub(super) enum Tokio {
    Owned(tokio::runtime::Runtime),
    Joined(Handle),
}

impl Tokio {
    pub(super) fn handle(&self) -> &Handle {
        match self {
            Self::Owned(runtime) => runtime.handle(),
            Self::Joined(handle) => handle,
        }
    }
}

impl Runtime {
    /// Settings to start from.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::new()
    }

    pub(super) fn new(
        settings: RuntimeBuilder,
        schedulers: &'static Schedulers,
        tokio: Tokio,
        tasks: Tasks,
        watchdog: Watchdog,
    ) -> Self {
        Self { settings, schedulers, tokio: Some(tokio), tasks, watchdog }
    }

    /// Runs `body` as the first process, and stops when it ends, when [`stop`](crate::stop) is
    /// called, or on a signal if the runtime was built so.
    ///
    /// Stopping means: every process gets an exit signal [`Shutdown`](ExitReason::Shutdown); who
    /// traps exits may take the time to finish; who is left after the deadline is killed. Processes
    /// below a supervisor, or another that [stops its children](crate::stops_children), are left to
    /// that; those that remain are told when all others have ended, or after half of the deadline.
    ///
    /// # Panics
    ///
    /// If called inside a tokio runtime, whose thread it would block: use
    /// [`run_async`](Self::run_async) there.
    #[track_caller]
    pub fn run<F>(self, body: F) -> Stopped
    where
        F: Future<Output: IntoExitReason> + Send + 'static,
    {
        let signals = self.listen();
        let first = self.spawn_first(body);
        self.tokio().handle().clone().block_on(self.finish(first, signals))
    }

    /// The same as [`run`](Self::run), for callers that are async themselves. The process starts
    /// with the call; the future is needed to stop the runtime in order, and dropping it kills
    /// all.
    #[track_caller]
    pub fn run_async<F>(self, body: F) -> impl Future<Output = Stopped>
    where
        F: Future<Output: IntoExitReason> + Send + 'static,
    {
        let signals = self.listen();
        let first = self.spawn_first(body);
        self.finish(first, signals)
    }

    /// Starts a process from outside: [`spawn`](crate::spawn) for threads that belong to no
    /// runtime.
    #[track_caller]
    pub fn spawn<F>(&self, body: F) -> Pid
    where
        F: Future<Output: IntoExitReason> + Send + 'static,
    {
        self.schedulers.spawn(spawn_of(body, Location::caller()), |_, _| {})
    }

    /// Stops the runtime in order, as [`run`](Self::run) does in the end.
    pub async fn stop(self) -> Stopped {
        let signals = self.listen();
        self.stop_with(StopCause::Stopped, None, signals).await
    }

    /// How many processes it has; [`process_count`](crate::process_count) asked from outside.
    pub fn process_count(&self) -> usize {
        self.schedulers.process_count()
    }

    #[track_caller]
    fn spawn_first<F>(&self, body: F) -> Pid
    where
        F: Future<Output: IntoExitReason> + Send + 'static,
    {
        let spawn = spawn_of(body, Location::caller());
        self.schedulers.spawn(spawn, |pid, _| self.schedulers.set_first(pid))
    }

    /// Listens for signals, if the runtime was built so: before there is a process to be stopped.
    fn listen(&self) -> Signals {
        let _entered = self.tokio().handle().enter();
        Signals::listen(self.settings.stop_on_signals)
    }

    async fn finish(self, first: Pid, mut signals: Signals) -> Stopped {
        let cause = wait_for_cause(self.schedulers, &mut signals).await;
        self.stop_with(cause, Some(first), signals).await
    }

    async fn stop_with(
        mut self,
        cause: StopCause,
        first: Option<Pid>,
        mut signals: Signals,
    ) -> Stopped {
        let deadline = self.settings.stop_deadline;
        let (killed, abandoned) = stop_processes(self.schedulers, deadline, &mut signals).await;
        let first_end = first.and_then(|_| self.schedulers.first_end());
        let reason = first_end.map_or(ExitReason::Shutdown, |(reason, _)| reason);
        self.watchdog.stop();
        halt(self.schedulers, &mut self.tasks).await;
        if abandoned == 0 {
            self.schedulers.give_back();
        }
        self.shut_tokio_down();
        Stopped { reason, cause, killed, abandoned }
    }

    fn tokio(&self) -> &Tokio {
        self.tokio.as_ref().expect("a runtime has a tokio runtime until it is dropped")
    }

    fn shut_tokio_down(&mut self) {
        if let Some(Tokio::Owned(tokio)) = self.tokio.take() {
            // Threads in the blocking pool cannot be interrupted, and are not waited for.
            tokio.shutdown_background();
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let Some(tokio) = self.tokio.take() else { return };
        self.watchdog.stop();
        let schedulers = self.schedulers;
        let mut tasks = std::mem::take(&mut self.tasks);
        let finish = async move {
            let (_, abandoned) =
                stop_processes(schedulers, Duration::ZERO, &mut Signals::listen(false)).await;
            halt(schedulers, &mut tasks).await;
            if abandoned == 0 {
                schedulers.give_back();
            }
        };
        match tokio {
            Tokio::Joined(handle) => drop(handle.spawn(finish)),
            Tokio::Owned(tokio) => {
                // Somebody else waits. Without a thread to spare the processes are forgotten.
                let thread = std::thread::Builder::new().name("kerosene-stop".to_owned());
                let _ = thread.spawn(move || {
                    tokio.block_on(finish);
                    tokio.shutdown_background();
                });
            }
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("name", &self.settings.name).finish_non_exhaustive()
    }
}

pin_project! {
    /// A process body whose output has become a reason.
    struct Body<F> {
        #[pin]
        body: F,
    }
}

impl<F: Future<Output: IntoExitReason>> Future for Body<F> {
    type Output = ExitReason;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        self.project().body.poll(cx).map(IntoExitReason::into_exit_reason)
    }
}

/// A body whose output is a reason.
pub(crate) fn body_of<F>(body: F) -> impl Future<Output = ExitReason> + 'static
where
    F: Future<Output: IntoExitReason> + 'static,
{
    Body { body }
}

fn spawn_of<F>(body: F, spawned_at: &'static Location<'static>) -> Spawn
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    Spawn::new(Birth::new(current_pid(), spawned_at, Instant::now()), body_of(body))
}

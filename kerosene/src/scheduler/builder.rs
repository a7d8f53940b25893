//! The settings of a runtime, and how it is started from them.

use std::fmt;
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_deque::Worker as Deque;
use tokio::runtime::{Builder, Handle, RuntimeFlavor};
use tokio::time::Instant;

use super::decoy::set_parked;
use super::lane::{Lane, Lanes};
use super::runtime::{Runtime, Tokio};
use super::schedulers::{Schedulers, set_here};
use super::stop::Tasks;
use super::watchdog::Watchdog;
use super::worker::Turns;
use crate::process::install_panic_hook;
use crate::term::node;

/// How long a stopping runtime waits for its processes, unless told otherwise.
const STOP_DEADLINE: Duration = Duration::from_secs(5);

/// tokio looks at sockets and timers once in this many polls of tasks when it is busy; its own
/// default is 61, but a turn of a scheduler is as long as many tasks.
const EVENT_INTERVAL: u32 = 7;

/// Settings of a [`Runtime`], from [`Runtime::builder`].
///
/// ```
/// use std::time::Duration;
/// use kerosene::Runtime;
///
/// let runtime = Runtime::builder()
///     .worker_threads(2)
///     .name("shop")
///     .stop_deadline(Duration::from_secs(1))
///     .build()?;
/// let stopped = runtime.run(async { /* the first process */ });
/// assert!(!stopped.reason.is_abnormal());
/// # Ok::<(), kerosene::StartError>(())
/// ```
///
/// In Erlang: the flags of `erl`, such as `+S`.
#[derive(Debug, Clone)]
#[must_use]
pub struct RuntimeBuilder {
    worker_threads: Option<usize>,
    spare_cores: usize,
    busy_wait: Duration,
    pub(super) name: String,
    pub(super) stop_deadline: Duration,
    pub(super) stop_on_signals: bool,
    tokio: Option<Handle>,
}

impl RuntimeBuilder {
    pub(super) fn new() -> Self {
        Self {
            worker_threads: None,
            spare_cores: 0,
            busy_wait: Duration::ZERO,
            name: "kerosene".to_owned(),
            stop_deadline: STOP_DEADLINE,
            stop_on_signals: false,
            tokio: None,
        }
    }

    /// How many schedulers, and worker threads, to run processes on. The default is one per core.
    ///
    /// In Erlang: `+S`.
    pub fn worker_threads(mut self, count: usize) -> Self {
        self.worker_threads = Some(count);
        self
    }

    /// How many cores to leave to others, where [`worker_threads`](Self::worker_threads) does not
    /// say how many to use. There is always one worker thread. The default is 0.
    ///
    /// A server on a machine that has other things to do, such as to bring its data to the network,
    /// can be the faster for it.
    ///
    /// ```
    /// use kerosene::Runtime;
    ///
    /// let runtime = Runtime::builder().spare_cores(1).build()?;
    /// let _ = runtime.run(async { /* the first process */ });
    /// # Ok::<(), kerosene::StartError>(())
    /// ```
    ///
    /// In Erlang: a negative number for `+S`.
    pub fn spare_cores(mut self, count: usize) -> Self {
        self.spare_cores = count;
        self
    }

    /// How long a scheduler without work looks for some before its thread sleeps. The default is
    /// zero: it sleeps at once.
    ///
    /// To wake a thread costs some microseconds, of whoever has work for it, and the work waits as
    /// long. For a server whose clients ask again and again, about 50 microseconds save most of
    /// that. The price is the processor time of the waits, which other programs may miss.
    ///
    /// ```
    /// use std::time::Duration;
    /// use kerosene::Runtime;
    ///
    /// let runtime = Runtime::builder().busy_wait(Duration::from_micros(50)).build()?;
    /// let _ = runtime.run(async { /* the first process */ });
    /// # Ok::<(), kerosene::StartError>(())
    /// ```
    ///
    /// In Erlang: `+sbwt`, which is not zero by default, and says what `medium` is, not how long.
    pub fn busy_wait(mut self, time: Duration) -> Self {
        self.busy_wait = time;
        self
    }

    /// The name of the runtime: its threads carry it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// How long a stopping runtime waits for its processes before it kills them. The default is
    /// five seconds. Supervisors have half of it to stop their children in order.
    pub fn stop_deadline(mut self, deadline: Duration) -> Self {
        self.stop_deadline = deadline;
        self
    }

    /// Makes SIGINT and SIGTERM (on Windows: Ctrl-C) stop the runtime in order, as
    /// [`#[kerosene::main]`](crate::main) does; a second signal kills what is left at once.
    pub fn stop_on_signals(mut self) -> Self {
        self.stop_on_signals = true;
        self
    }

    /// Runs the processes on a tokio runtime that exists already, instead of a new one. The
    /// default number of schedulers is then that of its worker threads.
    pub fn tokio(mut self, handle: Handle) -> Self {
        self.tokio = Some(handle);
        self
    }

    /// Starts the runtime.
    ///
    /// # Errors
    ///
    /// If no worker threads are asked for, several on a tokio runtime that has one thread only, or
    /// if the threads cannot be started.
    pub fn build(self) -> Result<Runtime, StartError> {
        install_panic_hook();
        super::stop::warn_of_abort();
        let count = self.count()?;
        let deques: Vec<_> = (0..count).map(|_| Deque::new_fifo()).collect();
        let lanes: Lanes =
            deques.iter().map(|deque| Arc::new(Lane::new(deque.stealer()))).collect();
        let schedulers = Schedulers::take(Arc::clone(&lanes), None);
        let tokio = match &self.tokio {
            Some(handle) => Tokio::Joined(handle.clone()),
            None => Tokio::Owned(self.start_tokio(count, schedulers)?),
        };
        // By the clock of this tokio runtime, which may have been stopped.
        let entered = tokio.handle().enter();
        schedulers.timers.begin(Instant::now(), node::HERE);
        drop(entered);
        let turns_of =
            |(id, deque)| Turns::new(schedulers, Arc::clone(&lanes), id, deque, self.busy_wait);
        let turns: Vec<_> = deques
            .into_iter()
            .enumerate()
            .map(|deque| tokio.handle().spawn(turns_of(deque)))
            .collect();
        let helpers = vec![tokio.handle().spawn(schedulers.timers.run())];
        let watchdog = Watchdog::start(&self.name, schedulers, tokio.handle().clone());
        Ok(Runtime::new(self, schedulers, tokio, Tasks { turns, helpers }, watchdog))
    }

    fn count(&self) -> Result<usize, StartError> {
        let single =
            self.tokio.as_ref().is_some_and(|h| h.runtime_flavor() == RuntimeFlavor::CurrentThread);
        match self.worker_threads {
            Some(0) => Err(StartError(Cause::NoWorkers)),
            Some(count) if single && count > 1 => Err(StartError(Cause::OneThread(count))),
            Some(count) => Ok(count),
            None if single => Ok(1),
            None => Ok(self.default_count()),
        }
    }

    fn default_count(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let all = self.tokio.as_ref().map_or_else(cores, |handle| handle.metrics().num_workers());
        all.saturating_sub(self.spare_cores).max(1)
    }

    fn start_tokio(
        &self,
        workers: usize,
        schedulers: &'static Schedulers,
    ) -> Result<tokio::runtime::Runtime, StartError> {
        Builder::new_multi_thread()
            .worker_threads(workers)
            .thread_name(self.name.clone())
            .event_interval(EVENT_INTERVAL)
            .on_thread_start(move || {
                set_here(Some(schedulers));
            })
            .on_thread_park(|| set_parked(true))
            .on_thread_unpark(|| set_parked(false))
            .enable_all()
            .build()
            .map_err(|error| StartError(Cause::Tokio(error)))
    }
}

/// Why a runtime could not be started.
#[derive(Debug)]
pub struct StartError(Cause);

#[derive(Debug)]
enum Cause {
    NoWorkers,
    OneThread(usize),
    Tokio(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::NoWorkers => f.write_str("a runtime needs at least one worker thread"),
            Cause::OneThread(count) => {
                write!(f, "{count} schedulers cannot share the one thread of this tokio runtime")
            }
            Cause::Tokio(error) => write!(f, "the worker threads could not be started: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Cause::Tokio(error) => Some(error),
            Cause::NoWorkers | Cause::OneThread(_) => None,
        }
    }
}

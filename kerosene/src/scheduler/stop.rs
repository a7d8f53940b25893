//! How a runtime stops: in order, within a deadline, and saying what happened.
//!
//! 1. New processes are told to shut down as soon as they are spawned.
//! 2. Every process gets an exit signal `Shutdown`.
//! 3. Whoever is left when the deadline has passed is killed.
//! 4. A process that is in a long poll cannot be killed. After a short grace it is abandoned, with
//!    the thread it holds: nothing hangs.
//! 5. The schedulers return.

use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::schedulers::Schedulers;
use super::signals::Signals;
use crate::process::send_exit;
use crate::term::{ExitReason, Pid};

/// How long killed processes have to reach an await.
const KILL_GRACE: Duration = Duration::from_millis(500);

/// How often a wait looks at the count of processes again, should a notice have been consumed by
/// another wait.
const RECOUNT: Duration = Duration::from_millis(20);

/// What ended the run of a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopCause {
    /// The first process ended.
    Finished,
    /// [`stop`](crate::stop) was called.
    Stopped,
    /// SIGINT, or Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

/// How a runtime stopped.
#[derive(Debug, Clone)]
#[must_use]
#[non_exhaustive]
pub struct Stopped {
    /// The exit reason of the first process; [`Shutdown`](ExitReason::Shutdown) if there was none.
    pub reason: ExitReason,
    /// What made the runtime stop.
    pub cause: StopCause,
    /// How many processes had not ended at the deadline and were killed.
    pub killed: usize,
    /// How many of them could not even be killed, since they were in a poll that did not return.
    pub abandoned: usize,
}

impl Stopped {
    /// The exit code of a program that stopped like this:
    ///
    /// | code | meaning |
    /// |---|---|
    /// | 0 | the first process ended quietly, or `stop()` was called |
    /// | 1 | the first process ended abnormally |
    /// | 70 | some processes did not end within the deadline and were killed |
    /// | 130 | SIGINT |
    /// | 143 | SIGTERM |
    pub fn exit_code(&self) -> u8 {
        match self.cause {
            _ if self.killed > 0 => 70,
            StopCause::Interrupted => 130,
            StopCause::Terminated => 143,
            StopCause::Finished | StopCause::Stopped => u8::from(self.reason.is_abnormal()),
        }
    }
}

impl From<Stopped> for ExitCode {
    fn from(stopped: Stopped) -> Self {
        ExitCode::from(stopped.exit_code())
    }
}

/// Waits for something that makes the runtime stop.
pub(super) async fn wait_for_cause(schedulers: &Schedulers, signals: &mut Signals) -> StopCause {
    let first_ended = async {
        while schedulers.first_reason().is_none() {
            schedulers.process_ended.notified().await;
        }
    };
    tokio::select! {
        biased;
        () = first_ended => StopCause::Finished,
        () = schedulers.stop_requested.notified() => StopCause::Stopped,
        cause = signals.next() => cause,
    }
}

/// Ends all processes. Returns how many had to be killed, and how many could not be.
pub(super) async fn stop_processes(
    schedulers: &'static Schedulers,
    deadline: Duration,
    signals: &mut Signals,
) -> (usize, usize) {
    let deadline = Instant::now().checked_add(deadline);
    schedulers.begin_stopping();
    tell_all(schedulers, &ExitReason::Shutdown);
    tokio::select! {
        () = until_empty(schedulers, deadline) => {}
        // Somebody is in a hurry.
        _ = signals.next() => {}
    }
    let killed = schedulers.process_count();
    if killed > 0 {
        tell_all(schedulers, &ExitReason::Kill);
        let grace = Instant::now() + KILL_GRACE;
        // A process that was just being spawned has not heard the first call.
        while schedulers.process_count() > 0 && Instant::now() < grace {
            until_empty(schedulers, Some(Instant::now() + RECOUNT)).await;
            tell_all(schedulers, &ExitReason::Kill);
        }
    }
    (killed, schedulers.process_count())
}

fn tell_all(schedulers: &'static Schedulers, reason: &ExitReason) {
    for pid in schedulers.processes() {
        send_exit(pid, Pid::NOBODY, reason.clone());
    }
}

async fn until_empty(schedulers: &'static Schedulers, deadline: Option<Instant>) {
    let empty = async {
        while schedulers.process_count() > 0 {
            let _ = timeout(RECOUNT, schedulers.process_ended.notified()).await;
        }
    };
    match deadline {
        Some(deadline) => drop(timeout_at(deadline, empty).await),
        None => empty.await,
    }
}

/// The tokio tasks of a runtime.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    /// The schedulers.
    pub(super) turns: Vec<JoinHandle<()>>,
    /// Those that have no end of their own.
    pub(super) helpers: Vec<JoinHandle<()>>,
}

/// Makes the schedulers return, and waits for those that can.
pub(super) async fn halt(schedulers: &'static Schedulers, tasks: &mut Tasks) {
    schedulers.halt();
    for helper in &tasks.helpers {
        helper.abort();
    }
    let grace = Instant::now() + KILL_GRACE;
    for task in tasks.turns.iter_mut().chain(&mut tasks.helpers) {
        let _ = timeout_at(grace, task).await;
    }
}

impl Schedulers {
    /// Makes the schedulers return once they are out of work.
    pub(super) fn halt(&'static self) {
        // Release pairs with the acquire loads in the schedulers.
        self.halted.store(true, Ordering::Release);
        let sleepers = self.idle.take_all();
        for id in sleepers {
            self.wake(Some(id));
        }
        let pinned = super::pinned::take(self);
        if let Some(pinned) = pinned {
            pinned.halt();
        }
    }
}

/// Says loudly that a program built with `panic = "abort"` has no isolated processes.
pub(super) fn warn_of_abort() {
    if cfg!(panic = "abort") {
        let warning = "kerosene: this program is built with panic = \"abort\": a panic in any \
                       process ends the whole program, and no supervisor can help. Remove it from \
                       the profile in Cargo.toml.";
        tracing::warn!("{warning}");
        eprintln!("{warning}");
    }
}

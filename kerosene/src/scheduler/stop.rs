//! How a runtime stops: from the top of its trees down, within a deadline, saying what happened.
//!
//! In which order the processes of a tree should end a supervisor knows, and the runtime does not.
//! So a process can say that it stops its own children (`stops_children`), as all supervisors do.
//! Whom it spawns from then on is *below*, and so is whom those spawn in their turn: a bit that a
//! process has from its parent, and keeps, whatever becomes of that.
//!
//! 1. Whoever is not below gets an exit signal `Shutdown`, from nobody. Among them are the topmost
//!    supervisors, which now stop their children in their order.
//! 2. When all of those have ended, or half of the deadline has passed, all who are below and still
//!    there get the same signal: those whom nobody has stopped, since their supervisor was killed
//!    or has unlinked them, and those who wait for somebody that does not end.
//! 3. Whoever is left when the deadline has passed is killed; at once, if another signal comes
//!    from outside the program.
//! 4. A process that is in a long poll cannot be killed. After a short grace it is abandoned, with
//!    the thread it holds: nothing hangs.
//! 5. The schedulers return.
//!
//! Who has been told is kept in `Schedulers::told`, so that a process spawned meanwhile is told at
//! once if it is one of those. It is said there before those are looked for that there are, so that
//! nobody is missed; who is told twice hears nothing new.
//!
//! To know that 1 is over, those that were told are in a list whose end is looked at each time that
//! any process ends, and taken off as long as it is dead: so each is looked at once, and whoever
//! ends at each of many ends.

use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::schedulers::Schedulers;
use super::signals::Signals;
use super::told::Told;
use crate::process::{EndedBy, has_ended, send_exit};
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
    /// The first process ended by itself: it returned, panicked or called
    /// [`exit`](crate::exit).
    Finished,
    /// The first process was ended by an exit signal, as one comes through the link to a
    /// supervisor that has given up.
    ExitSignal,
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
    /// | 0 | the first process ended quietly and by itself, or `stop()` was called |
    /// | 1 | the first process ended abnormally, or by an exit signal |
    /// | 70 | some processes did not end within the deadline and were killed |
    /// | 130 | SIGINT |
    /// | 143 | SIGTERM |
    pub fn exit_code(&self) -> u8 {
        match self.cause {
            _ if self.killed > 0 => 70,
            StopCause::Interrupted => 130,
            StopCause::Terminated => 143,
            StopCause::ExitSignal => 1,
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
        loop {
            match schedulers.first_end() {
                Some((_, EndedBy::Itself)) => return StopCause::Finished,
                Some((_, EndedBy::Signal)) => return StopCause::ExitSignal,
                None => schedulers.process_ended.notified().await,
            }
        }
    };
    tokio::select! {
        biased;
        cause = first_ended => cause,
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
    tokio::select! {
        () = stop_in_order(schedulers, deadline) => {}
        // Somebody is in a hurry.
        _ = signals.next() => {}
    }
    let killed = schedulers.process_count();
    if killed > 0 {
        schedulers.set_told(Told::All);
        tell(&schedulers.processes(), &ExitReason::Kill);
        let grace = Instant::now() + KILL_GRACE;
        // A process that was just being spawned has not heard the first call.
        while schedulers.process_count() > 0 && Instant::now() < grace {
            let recount = Some(Instant::now() + RECOUNT);
            until(schedulers, recount, || schedulers.process_count() == 0).await;
            tell(&schedulers.processes(), &ExitReason::Kill);
        }
    }
    (killed, schedulers.process_count())
}

/// Tells all processes to shut down, those below after the others, and waits for them.
async fn stop_in_order(schedulers: &'static Schedulers, deadline: Duration) {
    let begun = Instant::now();
    schedulers.set_told(Told::Top);
    let mut told = schedulers.processes_that(|process| !process.is_below);
    tell(&told, &ExitReason::Shutdown);
    let have_ended = || {
        while told.pop_if(|pid| has_ended(*pid)).is_some() {}
        told.is_empty()
    };
    until(schedulers, begun.checked_add(deadline / 2), have_ended).await;

    schedulers.set_told(Told::All);
    tell(&schedulers.processes_that(|process| process.is_below), &ExitReason::Shutdown);
    let deadline = begun.checked_add(deadline);
    until(schedulers, deadline, || schedulers.process_count() == 0).await;
}

fn tell(processes: &[Pid], reason: &ExitReason) {
    for pid in processes {
        send_exit(*pid, Pid::NOBODY, reason.clone());
    }
}

/// Waits until something is so, which the end of a process may bring about; or until a deadline.
async fn until(
    schedulers: &'static Schedulers,
    deadline: Option<Instant>,
    mut is_so: impl FnMut() -> bool,
) {
    let waiting = async {
        while !is_so() {
            let _ = timeout(RECOUNT, schedulers.process_ended.notified()).await;
        }
    };
    match deadline {
        Some(deadline) => drop(timeout_at(deadline, waiting).await),
        None => waiting.await,
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

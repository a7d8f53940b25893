//! A run in which everything is decided by a seed: one thread, virtual time, one order.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use super::schedulers::{Schedulers, set_here};
use super::seeded::run_seeded;
use super::signals::Signals;
use super::stop::{StopCause, stop_processes, wait_for_cause};
use crate::process::{Simulation, Spawn, deliver, install_panic_hook};
use crate::signal::Control;
use crate::term::{ExitReason, Pid, ProcessInfo, node};

/// Virtual time passes when nobody has anything to do. When so much of it has passed that no timer
/// can be pending, nothing will ever happen again.
const FOR_EVER: Duration = Duration::from_hours(10 * 365 * 24);

/// Virtual time that processes have to end when the first one has.
const STOP_DEADLINE: Duration = Duration::from_mins(1);

/// What became of a simulated run.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The first process ended, or `stop` was called.
    Ended(StopCause, ExitReason),
    /// Nothing can ever run again; these are waiting.
    Stuck(Vec<Waiter>),
}

/// A process of a stuck run.
#[derive(Debug)]
pub(crate) struct Waiter {
    pub(crate) info: ProcessInfo,
    pub(crate) is_first: bool,
}

/// Runs the process that `spawn` makes, under this seed.
///
/// # Panics
///
/// If called inside a tokio runtime.
pub(crate) fn simulate(seed: u64, spawn: impl FnOnce(Instant) -> Spawn) -> Outcome {
    install_panic_hook();
    super::stop::warn_of_abort();
    let tokio = Builder::new_current_thread().enable_all().start_paused(true).build();
    let tokio = tokio.expect("a thread of a tokio runtime could not be started");
    let simulation = Simulation::begin();
    let schedulers = Schedulers::take(std::sync::Arc::new([]), Some(seed));
    let before = set_here(Some(schedulers));
    let outcome = tokio.block_on(async {
        schedulers.timers.begin(Instant::now(), node::current());
        let mut turns = tokio::spawn(run_seeded(schedulers));
        let timers = tokio::spawn(schedulers.timers.run());
        let spawn = spawn(Instant::now());
        let first = schedulers.spawn(spawn, |pid, _| schedulers.set_first(pid));
        let mut no_signals = Signals::listen(false);
        let cause = tokio::select! {
            biased;
            cause = wait_for_cause(schedulers, &mut no_signals) => Ok(cause),
            ended = &mut turns => panic!("the scheduler of the simulation ended: {ended:?}"),
            () = sleep(FOR_EVER) => Err(waiters(schedulers, first).await),
        };
        let (_, left) = stop_processes(schedulers, STOP_DEADLINE, &mut no_signals).await;
        debug_assert_eq!(left, 0, "in a simulation every process can be killed");
        turns.abort();
        timers.abort();
        // Asked now: after a `stop` the first process ends while the others do.
        let reason = schedulers.first_end().map_or(ExitReason::Shutdown, |(reason, _)| reason);
        match cause {
            Ok(cause) => Outcome::Ended(cause, reason),
            Err(waiters) => Outcome::Stuck(waiters),
        }
    });
    drop(tokio);
    schedulers.give_back();
    set_here(before);
    drop(simulation);
    outcome
}

async fn waiters(schedulers: &'static Schedulers, first: Pid) -> Vec<Waiter> {
    let mut waiters = Vec::new();
    for pid in schedulers.processes() {
        let (reply, answer) = oneshot::channel();
        let _ = deliver(pid, Control::InfoQuery { reply }.into());
        if let Ok(info) = answer.await {
            waiters.push(Waiter { info, is_first: pid == first });
        }
    }
    waiters
}

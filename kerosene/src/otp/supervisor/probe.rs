//! Asking a child whether it is well.
//!
//! A prober is a process beside the child. It monitors the child, and ends with it; so a child
//! that is restarted gets a new prober with its new process. A child that does not answer in time
//! is killed, and from there on everything is as after any other end: the supervisor has no state
//! for probes.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::report;
use crate::{
    Alias, Down, ExitReason, Name, Pid, SpawnOptions, alias, catch_exit, exit_signal, monitor,
    receive, send, sleep, spawn_opt, unalias,
};

type Check = Arc<dyn Fn(Pid) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// Asks a child again and again whether it is well. If it says no, or nothing in time, it is
/// killed, and its supervisor does what it does after any abnormal end.
///
/// By default it is asked every ten seconds, and has five to answer. A busy child answers late:
/// give it more than the longest piece of work it does between two messages.
///
/// ```
/// use kerosene::otp::{ChildSpec, HealthCheck, Probe};
/// use kerosene::prelude::*;
///
/// async fn server() {
///     loop {
///         receive! {
///             check: HealthCheck => check.answer(),
///             job: u64 => drop(job),
///         }
///     }
/// }
///
/// let probe = Probe::message().every(Duration::from_secs(30)).timeout(Duration::from_secs(2));
/// let spec = ChildSpec::process("server", server).probe(probe);
/// # let _ = spec;
/// ```
///
/// In Erlang: no equivalent.
#[derive(Clone)]
#[must_use]
pub struct Probe {
    every: Duration,
    timeout: Duration,
    check: Check,
    /// Where the process that asks counts as spawned.
    made_at: &'static Location<'static>,
}

impl Probe {
    /// Sends the child a [`HealthCheck`], which it has to answer.
    #[track_caller]
    pub fn message() -> Self {
        Self::new(asked)
    }

    /// Asks a function whether the child is well. It runs in a process of its own, and gets the pid
    /// of the child. If it panics, the answer is no.
    #[track_caller]
    pub fn new<F, B>(check: F) -> Self
    where
        F: Fn(Pid) -> B + Send + Sync + 'static,
        B: Future<Output = bool> + Send + 'static,
    {
        let check: Check = Arc::new(move |child| Box::pin(check(child)));
        let (every, timeout) = (Duration::from_secs(10), Duration::from_secs(5));
        Self { every, timeout, check, made_at: Location::caller() }
    }

    /// How long to wait from one answer to the next question, and from the start of the child to
    /// the first.
    pub fn every(mut self, every: Duration) -> Self {
        self.every = every;
        self
    }

    /// How long the child has to answer.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Begins to ask a child that has just been started.
    pub(super) fn begin(&self, supervisor: Pid, id: &Name, child: Pid) {
        let (probe, id) = (self.clone(), id.clone());
        let options = SpawnOptions::new().spawned_at(self.made_at);
        spawn_opt(options, async move {
            let watch = monitor(child);
            loop {
                receive! {
                    Down { monitor, .. } if monitor == watch => return,
                    after probe.every => (),
                }
                let is_well = tokio::select! {
                    biased;
                    is_well = catch_exit((probe.check)(child)) => is_well == Ok(true),
                    () = sleep(probe.timeout) => false,
                };
                if !is_well {
                    report::unhealthy(supervisor, &id, child);
                    exit_signal(child, ExitReason::Kill);
                    return;
                }
            }
        });
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("every", &self.every)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The question of a [`Probe::message`]: answer it to live on.
#[derive(Debug)]
#[must_use = "who does not answer is killed"]
pub struct HealthCheck(Alias);

/// The answer to a health check.
struct Well(Alias);

impl HealthCheck {
    /// Says that the child is well.
    pub fn answer(self) {
        send(self.0, Well(self.0));
    }
}

/// Switches the alias off, also when the answer is not waited for any longer.
struct Question(Alias);

impl Drop for Question {
    fn drop(&mut self) {
        unalias(self.0);
    }
}

async fn asked(child: Pid) -> bool {
    let question = Question(alias());
    send(child, HealthCheck(question.0));
    receive! { Well(to) if to == question.0 => true }
}

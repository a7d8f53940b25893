//! What all supervisors do alike: wait for the next event, start one child, stop one child.

use std::any::type_name;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::Location;
use std::time::Duration;

use tokio::time::Instant;

use super::backoff::Backoff;
use super::exits::Exits;
use super::flags::{Restart, Shutdown};
use super::intensity::{Intensity, TooMany};
use super::report::{self, Who};
use super::spec::ChildSpec;
use crate::otp::StartError;
use crate::otp::StartOptions;
use crate::otp::sys::{SysMessage, System};
use crate::{
    Down, Exit, ExitReason, Name, Pid, exit_signal, link, make_ref, monitor, pid, receive,
    schedule, send, stops_children, unlink,
};

/// The state that each kind of supervisor has.
#[derive(Debug)]
pub(super) struct Core {
    me: Pid,
    name: Option<Name>,
    /// Who started it with a link.
    parent: Option<Pid>,
    exits: Exits,
    intensity: Intensity,
    pub(super) system: System,
    pub(super) backoff: Option<Backoff>,
}

/// Something to react to. `K` is how a supervisor knows its children, `R` what it is asked.
#[derive(Debug)]
pub(super) enum Event<K, R> {
    /// A process has ended.
    Exit(Exit),
    /// A restart that did not succeed, or was to wait, is due.
    Again(Again<K>),
    /// Somebody asks something.
    Request(R),
    /// Somebody asks what can be asked of every OTP process.
    System(SysMessage),
    /// The supervisor is to stop.
    Stop(ExitReason),
}

/// A note to oneself: to try to restart a child, if it still waits for this attempt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again<K> {
    pub(super) child: K,
    pub(super) attempt: u64,
}

/// Whether a supervisor goes on.
#[derive(Debug)]
#[must_use]
pub(super) enum Flow {
    Continue,
    /// It stops its children, and ends with this reason.
    Stop(ExitReason),
}

/// How often a child was restarted without recovering.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Attempts {
    failed: u32,
    /// When it was last started; known where there is a back-off.
    started: Option<Instant>,
}

/// How the process of a supervisor is started. `label` says of which kind it is.
pub(super) fn options(
    label: &str,
    name: Option<&Name>,
    spawned_at: &'static Location<'static>,
) -> StartOptions {
    let options = StartOptions::new().trap_exit().label(label).spawned_at(spawned_at);
    match name {
        Some(name) => options.name(name),
        None => options,
    }
}

impl Core {
    /// In the process of the supervisor, before it has children.
    pub(super) fn new(
        name: Option<Name>,
        parent: Option<Pid>,
        intensity: Intensity,
        backoff: Option<Backoff>,
    ) -> Self {
        stops_children(true);
        Self {
            me: pid(),
            name,
            parent,
            exits: Exits::default(),
            intensity,
            system: System::new(),
            backoff,
        }
    }

    pub(super) fn who(&self) -> Who<'_> {
        Who { pid: self.me, name: self.name.as_ref(), restarts: self.intensity.total() }
    }

    /// Waits for the next event, in the order of arrival.
    pub(super) async fn next<K: Send + 'static, R: Send + 'static>(&mut self) -> Event<K, R> {
        loop {
            if self.system.is_suspended() {
                receive! {
                    message: SysMessage => return Event::System(message),
                    exit: Exit if self.is_order(&exit) => return Event::Stop(exit.reason),
                }
            }
            if let Some(exit) = self.exits.pop() {
                return self.sort(exit);
            }
            receive! {
                exit: Exit if exit.reason != ExitReason::Shutdown => return self.sort(exit),
                // Maybe the runtime stops: then look whether this one is to stop as well.
                exit: Exit => {
                    self.exits.push(exit);
                    self.gather().await;
                }
                request: R => {
                    self.system.note(type_name::<R>);
                    return Event::Request(request);
                }
                again: Again<K> => return Event::Again(again),
                message: SysMessage => return Event::System(message),
                other => report::unexpected(self.who(), other.type_name()),
            }
        }
    }

    /// The parent's end is an order to stop; so is a signal from outside of all processes, which
    /// is how a runtime stops.
    fn is_order(&self, exit: &Exit) -> bool {
        Some(exit.pid) == self.parent || exit.pid.is_nobody()
    }

    fn sort<K, R>(&mut self, exit: Exit) -> Event<K, R> {
        self.system.note(type_name::<Exit>);
        if self.is_order(&exit) { Event::Stop(exit.reason) } else { Event::Exit(exit) }
    }

    /// Counts a restart of this child.
    pub(super) fn count_restart(&mut self, spec: &ChildSpec) -> Flow {
        if self.intensity.count(Instant::now()) == Err(TooMany) {
            report::gives_up(self.who(), spec);
            return Flow::Stop(ExitReason::Shutdown);
        }
        Flow::Continue
    }

    /// Starts a child, linked whether or not its start function has done that.
    pub(super) async fn start(&self, spec: &ChildSpec) -> Result<Pid, StartError> {
        let started = spec.start().await;
        match &started {
            Ok(child) => {
                // Not once more, lest one that has ended already be heard of twice.
                if !spec.links() {
                    link(*child);
                }
                if let Some(probe) = spec.probe_of() {
                    probe.begin(self.me, spec.id(), *child);
                }
                report::started(self.who(), spec, *child);
            }
            Err(StartError::Ignored) => {}
            Err(error) => report::start_error(self.who(), spec, error),
        }
        started
    }

    /// How long to wait before a child that has ended is restarted; `None` is not at all.
    pub(super) fn wait_before(
        &self,
        spec: &ChildSpec,
        attempts: &mut Attempts,
    ) -> Option<Duration> {
        let backoff = spec.backoff_or(self.backoff)?;
        if attempts.started.is_some_and(|started| backoff.is_reset_by(started.elapsed())) {
            attempts.failed = 0;
        }
        let wait = backoff.wait(attempts.failed, chance());
        attempts.failed = attempts.failed.saturating_add(1);
        attempts.started = None;
        Some(wait)
    }

    /// Notes down that a child runs.
    pub(super) fn note_start(&self, spec: &ChildSpec, attempts: &mut Attempts) {
        if spec.backoff_or(self.backoff).is_some() {
            attempts.started = Some(Instant::now());
        }
    }

    /// Leaves a note to try again: at once, behind what has arrived, or after a time.
    pub(super) fn again<K: Send + 'static>(&self, wait: Option<Duration>, again: Again<K>) {
        match wait {
            None => send(self.me, again),
            Some(wait) => drop(schedule(wait, self.me, again)),
        }
    }

    /// Stops a process, and waits until it is dead. Its `Exit` is gone then.
    ///
    /// The link stays until the process is dead: who kills the supervisor meanwhile kills it, too.
    pub(super) async fn stop(&mut self, spec: &ChildSpec, child: Pid) {
        let ended = ended(child, spec.shutdown_type()).await;
        unlink(child);
        self.gather().await;
        // Of a process that had ended already, only its `Exit` tells why.
        let reason = self.exits.take(child).unwrap_or(ended);
        if !is_expected(spec, &reason) {
            report::shutdown_error(self.who(), spec, child, &reason);
        }
    }

    /// Moves the `Exit`s that have arrived to where they are found by pid.
    pub(super) async fn gather(&mut self) {
        loop {
            receive! {
                exit: Exit => self.exits.push(exit),
                after Duration::ZERO => return,
            }
        }
    }
}

/// Makes a process end.
async fn ended(child: Pid, shutdown: Shutdown) -> ExitReason {
    let watch = monitor(child);
    if shutdown == Shutdown::Brutal {
        exit_signal(child, ExitReason::Kill);
    } else {
        exit_signal(child, ExitReason::Shutdown);
    }
    if let Shutdown::After(timeout) = shutdown {
        receive! {
            Down { monitor, reason, .. } if monitor == watch => return reason,
            after timeout => exit_signal(child, ExitReason::Kill),
        }
    }
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// Whether a child that was stopped has ended as it was told to.
pub(super) fn is_expected(spec: &ChildSpec, reason: &ExitReason) -> bool {
    match reason {
        ExitReason::Killed => spec.shutdown_type() == Shutdown::Brutal,
        ExitReason::Normal => spec.restart_type() != Restart::Permanent,
        ExitReason::Shutdown | ExitReason::ShutdownWith(_) | ExitReason::NoProc => true,
        _ => false,
    }
}

/// A number from 0 to 1, the same in each run of one seed of a simulation.
fn chance() -> f64 {
    let mut hasher = DefaultHasher::new();
    make_ref().hash(&mut hasher);
    fastrand::Rng::with_seed(hasher.finish()).f64()
}

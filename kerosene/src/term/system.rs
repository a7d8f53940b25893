//! The messages the runtime itself sends. Ordinary types, received like any other.

use super::{ExitReason, Message, Monitor, Name, Pid, Timer};

/// An exit signal, as a message: a linked process has ended, or somebody has called
/// [`exit_signal`](crate::exit_signal).
///
/// Only a process that traps exits ([`trap_exit`](crate::trap_exit)) gets it; the signal ends
/// others, or has no effect. If the signal came over a link, that link is gone.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     trap_exit(true);
///     let worker = spawn_link(async { exit("done for today") });
///     receive! {
///         Exit { pid, reason } if pid == worker => {
///             assert_eq!(reason, ExitReason::from("done for today"));
///         }
///     }
/// });
/// ```
///
/// In Erlang: `{'EXIT', Pid, Reason}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    /// Who ended, or who sent the signal.
    pub pid: Pid,
    /// Why.
    pub reason: ExitReason,
}

/// A monitored process has ended, or was never there. One for each [`monitor`](crate::monitor).
///
/// Select it by the handle, and leave room for new fields:
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let (_, watch) = spawn_monitor(async { exit("done for today") });
///     receive! {
///         Down { monitor, reason, .. } if monitor == watch => {
///             assert_eq!(reason, ExitReason::from("done for today"));
///         }
///     }
/// });
/// ```
///
/// In Erlang: `{'DOWN', Ref, process, Object, Reason}`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Down {
    /// The monitor that fired.
    pub monitor: Monitor,
    /// Who ended. `<0.0.0>`, which is never a process, where a name led to nobody.
    pub pid: Pid,
    /// The name, if the monitor was set by name.
    pub name: Option<Name>,
    /// Why; [`NoProc`](ExitReason::NoProc) if there was no such process.
    pub reason: ExitReason,
}

impl Down {
    pub(crate) fn new(monitor: Monitor, pid: Pid, name: Option<Name>, reason: ExitReason) -> Self {
        Self { monitor, pid, name, reason }
    }
}

/// A timer made by [`start_timer`](crate::start_timer) has run out. `after` in a
/// [`receive!`](crate::receive) makes none.
///
/// In Erlang: `{timeout, TimerRef, Msg}`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Timeout {
    /// The timer, as `start_timer` returned it.
    pub timer: Timer,
    /// What was to be delivered.
    pub message: Message,
}

impl Timeout {
    pub(crate) fn new(timer: Timer, message: Message) -> Self {
        Self { timer, message }
    }
}

//! The messages the runtime itself sends. Ordinary types, received like any other.

use super::{ExitReason, Message, Monitor, Name, Pid, Timer};

/// A linked process has ended, or somebody sent an exit signal; only who traps exits gets it.
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

/// A monitored process has ended, or was never there.
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

/// A timer made by [`start_timer`](crate::start_timer) has run out.
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

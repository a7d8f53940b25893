//! Ending, and making others end.

use std::panic::resume_unwind;

use super::this;
use crate::process::{ExitRequest, current_pid, send_exit, spend, spend_slice, suppressed};
use crate::term::{ExitReason, Pid};

/// Ends the current process with a reason.
///
/// The body is unwound, as by a panic but without its message: values are dropped. Code that
/// catches unwinding can catch it.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let (_, watch) = spawn_monitor(async { exit("enough") });
///     receive! { Down { reason, .. } => assert_eq!(reason, ExitReason::from("enough")) }
///     # let _ = watch;
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `exit/1`.
#[track_caller]
pub fn exit(reason: impl Into<ExitReason>) -> ! {
    let _ = this("exit");
    resume_unwind(Box::new(ExitRequest(reason.into())))
}

/// Sends an exit signal to a process.
///
/// | reason | to a process that does not trap exits | to one that does |
/// |---|---|---|
/// | [`Normal`](ExitReason::Normal) | nothing happens | an [`Exit`](crate::Exit) message |
/// | [`Kill`](ExitReason::Kill) | it ends with `Killed` | it ends with `Killed` |
/// | any other | it ends with that reason | an `Exit` message |
///
/// A process ends at its next await; one that computes on without awaiting cannot be stopped. Sent
/// to oneself it takes effect by the next await, too. If the process has ended, nothing happens.
///
/// Works anywhere, also outside processes; the sender is then `<0.0.0>`.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let (worker, _) = spawn_monitor(async { sleep(Duration::MAX).await });
///     exit_signal(worker, ExitReason::Kill);
///     receive! { Down { reason, .. } => assert_eq!(reason, ExitReason::Killed) }
/// });
/// ```
///
/// In Erlang: `exit/2`; sent to oneself with `normal` it is ignored, as by `exit_signal/2` of OTP 29.
pub fn exit_signal(pid: Pid, reason: impl Into<ExitReason>) {
    if suppressed() {
        return;
    }
    let from = current_pid();
    spend(1);
    if from == Some(pid) {
        // So that the next await is where it is received.
        spend_slice();
    }
    send_exit(pid, from.unwrap_or(Pid::NOBODY), reason.into());
}

/// Chooses whether exit signals end the current process, or arrive as [`Exit`](crate::Exit)
/// messages. Returns what was chosen before.
///
/// What counts is the choice at the moment a signal is received. [`Kill`](ExitReason::Kill) sent by
/// [`exit_signal`] cannot be trapped.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     assert!(!trap_exit(true));
///     exit_signal(pid(), "hello");
///     receive! { Exit { reason, .. } => assert_eq!(reason, ExitReason::from("hello")) }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `process_flag(trap_exit, Boolean)`.
#[track_caller]
pub fn trap_exit(trap: bool) -> bool {
    this("trap_exit").with(|own| std::mem::replace(&mut own.trap_exit, trap))
}

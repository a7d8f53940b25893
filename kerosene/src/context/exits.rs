//! Ending, and making others end: `exit` unwinds the body, `exit_signal` sends, `trap_exit` decides
//! what becomes of what is received, `stops_children` who tells the children to end.

use std::panic::resume_unwind;
use std::thread::panicking;

use super::this;
use crate::process::{
    Current, ExitRequest, current, current_pid, receive_signals, send_exit, spend, spend_slice,
    suppressed,
};
use crate::term::{ExitReason, Pid};

/// Ends the current process with a reason.
///
/// Nothing behind the call runs, from whatever depth of calls. The body is unwound, as by a panic
/// but without its message: values are dropped. `std::panic::catch_unwind` around it catches it.
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
/// If no process runs here. In a program built with `panic = "abort"`, which cannot unwind, it ends
/// the whole program.
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
/// A process that waits ends where it waits. One that runs ends at the next await that has to wait
/// or gives way; one that computes on without awaiting cannot be stopped. That goes for oneself
/// too: this function returns, but the end and its reason are decided, however the body goes on; to
/// end at once there is [`exit`]. If the process has ended, nothing happens.
///
/// No link is needed. To stop a process in order, send [`Shutdown`](ExitReason::Shutdown), and
/// `Kill` if it takes too long.
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
/// In Erlang: `exit/2`; sent to oneself with `normal` it is ignored, as by `exit_signal/2` of OTP
/// 29.
pub fn exit_signal(pid: Pid, reason: impl Into<ExitReason>) {
    if suppressed() {
        return;
    }
    let from = current_pid();
    spend(1);
    send_exit(pid, from.unwrap_or(Pid::NOBODY), reason.into());
    if from == Some(pid)
        && let Some(current) = current()
        // A body that unwinds, for a panic or `exit`, has its reason already.
        && !panicking()
    {
        receive_own(current);
    }
}

/// Receives a signal to oneself: if it is lethal, its reason stands, even if the body ends without
/// another await. If it goes on, the next await is where it is stopped.
#[cold]
fn receive_own(current: Current) {
    spend_slice();
    let errands = current.with(|own| receive_signals(current.slot(), own, 0));
    errands.run(current.slot());
}

/// Chooses whether exit signals end the current process, or arrive as [`Exit`](crate::Exit)
/// messages. Returns what was chosen before.
///
/// What counts is the choice at the moment a signal is received; an `Exit` that stands in the
/// mailbox already stays a message. [`Kill`](ExitReason::Kill) sent by [`exit_signal`] cannot be
/// trapped. Most processes should not trap exits: it is for those that look after others, or have
/// something to finish before they stop.
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

/// Chooses whether the current process stops its own children when the runtime stops. Returns what
/// was chosen before.
///
/// A runtime that stops sends an exit signal [`Shutdown`](ExitReason::Shutdown) to all processes,
/// but not to those below one that has chosen this: whom it has spawned since, whom these have
/// spawned, and so on. It is for the process to stop them, in its order, before it ends. Those that
/// are there all the same when the others have ended, or when half of the
/// [deadline](crate::RuntimeBuilder::stop_deadline) has passed, are told by the runtime then.
///
/// Supervisors do this, so what they supervise stops in order without it. It is for a process that
/// is under no supervisor and needs some of those it has spawned until it has finished.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::stops_children;
///
/// kerosene::run(async {
///     trap_exit(true);
///     stops_children(true);
///     let log = spawn(async {
///         loop {
///             receive! { (line, reply_to): (&str, ReplyTo<usize>) => reply_to.reply(line.len()) }
///         }
///     });
///     kerosene::stop();
///     receive! { Exit { .. } => () }
///     let last = call_with(log, |to: ReplyTo<usize>| ("good-bye", to)).await;
///     assert_eq!(last, Ok(8), "it is still there");
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: what `init:stop/0` knows of applications.
#[track_caller]
pub fn stops_children(stops: bool) -> bool {
    this("stops_children").with(|own| std::mem::replace(&mut own.stops_children, stops))
}

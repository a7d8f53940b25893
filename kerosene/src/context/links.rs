//! Links: the two calls that change one end at once, and tell the other by a signal. The protocol
//! between the ends is in `signal`.

use super::this;
use crate::process::{Current, deliver};
use crate::signal::{Control, Relinked, Unlinked};
use crate::term::{ExitReason, Pid};

/// Links the current process and another one: when either ends, the other gets an exit signal.
///
/// The exit signal has the reason of the one that ended. [`Normal`](ExitReason::Normal) has no
/// effect; any other reason, also [`Shutdown`](ExitReason::Shutdown), ends the receiver with the
/// same reason. A process that traps exits ([`trap_exit`](crate::trap_exit)) goes on instead, and
/// gets an [`Exit`](crate::Exit) message, whatever the reason.
///
/// A link goes both ways, and there is at most one between two processes: linking twice is the same
/// as linking once, and either side may [`unlink`]. Linking to oneself does nothing.
///
/// If the process has ended, an exit signal with reason [`NoProc`](ExitReason::NoProc) arrives, as
/// if it had ended just now; the reason it really had is not known any more. To start a process and
/// link to it, use [`spawn_link`](crate::spawn_link), which leaves no time in between.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     trap_exit(true);
///     let other = spawn(async { receive! { "go" => exit("gone") } });
///     link(other);
///     send(other, "go");
///     receive! { Exit { pid, reason } => {
///         assert_eq!((pid, reason), (other, ExitReason::from("gone")));
///     } }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `link/1`, which raises `noproc` when a process that does not trap exits links to a
/// dead local one; this sends the signal always.
#[track_caller]
pub fn link(pid: Pid) {
    let current = this("link");
    let me = current.pid();
    if pid == me {
        return;
    }
    match current.with(|own| own.relations_mut().links.link(pid)) {
        Relinked::Nothing => {}
        Relinked::SendLink => {
            if deliver(pid, Control::Link { from: me }.into()).is_err() {
                current.with(|own| own.relations_mut().links.peer_was_dead(pid));
                answer_for_the_dead(current, pid);
            }
        }
    }
}

fn answer_for_the_dead(current: Current, dead: Pid) {
    let exit = Control::LinkExit { from: dead, reason: ExitReason::NoProc };
    let _ = deliver(current.pid(), exit.into());
}

/// Takes a link away. When it returns, the other process can have no effect through it any more,
/// even if it has ended already and its signal is under way. The link is gone for both.
///
/// An [`Exit`](crate::Exit) message that has been received before stays in the mailbox; to be rid
/// of that too, follow with `receive! { Exit { pid, .. } if pid == other => (), after
/// Duration::ZERO => () }`. Unlinking what is not linked does nothing.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let other = spawn_link(async { receive! { "go" => exit("gone") } });
///     unlink(other);
///     send(other, "go"); // does us no harm
///     let watch = monitor(other);
///     receive! { Down { monitor, .. } if monitor == watch => () }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `unlink/1`.
#[track_caller]
pub fn unlink(pid: Pid) {
    let current = this("unlink");
    let me = current.pid();
    match current.with(|own| own.relations_mut().links.unlink(pid)) {
        Unlinked::Nothing => {}
        Unlinked::SendUnlink(id) => {
            if deliver(pid, Control::Unlink { from: me, id }.into()).is_err() {
                let _ = deliver(me, Control::UnlinkAck { from: pid, id }.into());
            }
        }
    }
}

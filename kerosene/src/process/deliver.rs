//! The single door: look the process up, queue the signal, wake.
//!
//! Everything that one process sends to another comes through [`deliver`], into one queue, in the
//! order it was sent: that is the whole of the ordering guarantee.

use std::any::Any;

use super::current::{is_on_behalf, suppressed};
use super::slot::Place;
use super::table::{slot_at_hand, slot_of, table_here};
use crate::signal::{Control, Signal};
use crate::term::{Dest, ExitReason, Message, Pid};

/// Queues a signal for a process.
///
/// # Errors
///
/// The signal, if the process has ended.
#[inline]
pub(crate) fn deliver(to: Pid, signal: Signal) -> Result<(), Signal> {
    match slot_of(to) {
        Some(slot) => slot.push(to, signal),
        None => Err(signal),
    }
}

/// Sends a message. If there is nobody, it is dropped.
pub(crate) fn send_message(dest: Dest<'_>, message: Message) {
    if !suppressed() {
        drop(try_send(dest, message));
    }
}

/// Sends a message to a pid. If there is nobody, it is dropped.
#[inline]
pub(crate) fn send_to(pid: Pid, message: Message) {
    match place(pid) {
        Some(place) => place.put(message),
        None => drop(message),
    }
}

/// Sends a value to a pid, of which few instructions depend on its type. If there is nobody, it is
/// dropped.
#[inline]
pub(crate) fn send_value<T: Any + Send>(pid: Pid, value: T) {
    if Message::is_inline::<T>() {
        match place(pid) {
            Some(place) => place.fill(value),
            None => drop(Message::new(value)),
        }
    } else {
        // Boxed before the lock is taken.
        send_to(pid, Message::new(value));
    }
}

/// Mostly there is somebody in a table at hand, whose lock is free and whose queue has room. All
/// else is for a function of its own, to which this one only jumps: so it saves no registers. It is
/// itself not part of each send: the code of those is large enough.
#[inline(never)]
fn place(pid: Pid) -> Option<Place> {
    if !is_on_behalf()
        && let Some(slot) = slot_at_hand(pid)
        && let Some(place) = slot.place_at_once(pid)
    {
        return Some(place);
    }
    place_somehow(pid)
}

#[cold]
#[inline(never)]
fn place_somehow(pid: Pid) -> Option<Place> {
    if suppressed() { None } else { slot_of(pid)?.place(pid) }
}

/// Sends a message, and gives back what cannot be delivered, for callers that must not run the
/// user's `Drop` where they are.
#[inline]
pub(crate) fn try_send(dest: Dest<'_>, message: Message) -> Result<(), Signal> {
    match dest {
        Dest::Pid(pid) => deliver(pid, Signal::Message(message)),
        Dest::Name(name) => match table_here().registry.whereis(name) {
            Some(pid) => deliver(pid, Signal::Message(message)),
            None => Err(Signal::Message(message)),
        },
        Dest::Alias(alias) => {
            let alias_message = Control::AliasMessage { alias: alias.reference(), message };
            deliver(alias.owner(), alias_message.into())
        }
    }
}

/// Sends an exit signal, as `exit_signal` does. If there is nobody, nothing happens.
pub(crate) fn send_exit(to: Pid, from: Pid, reason: ExitReason) {
    let _ = deliver(to, Control::Exit { from, reason }.into());
}

/// Whether the end of a process is over. As [`exists`], it is ordered after nothing.
pub(crate) fn has_ended(pid: Pid) -> bool {
    slot_of(pid).and_then(|slot| slot.with_tenant(pid, |_| ())).is_none()
}

/// Whether the process is in the table and has not begun to end. No signal is sent, so the answer
/// is not ordered after anything.
pub(super) fn exists(pid: Pid) -> bool {
    slot_of(pid).and_then(|slot| slot.with_tenant(pid, |s| s.state.is_live())) == Some(true)
}

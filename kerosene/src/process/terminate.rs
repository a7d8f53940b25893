//! The end of a process, in numbered steps.
//!
//! 1. It stops: the state says so, and no name or timer can be given to it any more.
//! 2. Its names, its aliases and the timers aimed at it are released.
//! 3. Its body is dropped, and the messages it has not received. What their `Drop`s send is sent
//!    before anybody hears of the end.
//! 4. The mailbox is closed, under its lock: from here on its pid finds nobody.
//! 5. Signals that raced with the end are answered, each exactly once.
//! 6. Exits go to its links, `Down`s to its watchers, and its own monitors are taken back.
//! 7. The slot is vacant and goes back to the table.
//!
//! So whoever hears of the end finds the names free (2 before 6), and a panic in a user's `Drop`
//! (3) keeps nobody from hearing.

use std::mem;

use super::current::leave;
use super::deliver;
use super::own::Relations;
use super::report;
use super::schedule::{Schedule, TimersAt};
use super::slot::Slot;
use super::table::table_of;
use crate::mailbox::Arrived;
use crate::signal::{Control, Signal};
use crate::term::{ExitReason, Pid, quietly};

/// What anybody could see of a process when it began to end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) has_names: bool,
    pub(super) timers_at: TimersAt,
}

/// Ends the running process, of which the end has been decided, and step 1 done.
pub(super) fn terminate(slot: &'static Slot, schedule: &'static dyn Schedule, seen: Seen) {
    let pid = slot.pid();
    let table = table_of(pid.node());
    let mut names = Vec::new();
    if seen.has_names
        && let Some(table) = table
    {
        names = table.registry.release(pid);
    }
    if seen.timers_at != TimersAt::NOWHERE {
        schedule.forget_timers(pid, seen.timers_at);
    }
    let armed = slot.own().borrow_mut().set_armed(None);
    if let Some(armed) = armed {
        schedule.disarm(armed);
    }
    let obituary = report::obituary(pid, &slot.own().borrow(), names);
    drop_belongings(slot);

    let closed = slot.close();
    let controls = rest_of_signals(slot, closed);
    // Taken now, after the last `Drop` of the user's that could have changed them. What is dropped
    // or printed from here on, reasons, must not find the slot: it is the next tenant's.
    let own = mem::take(&mut *slot.own().borrow_mut());
    leave();
    let (reason, by, mut relations) = own.into_remains();
    for control in controls {
        // What is dropped in it may be the last holder of a reason.
        quietly(|| answer_late(pid, relations.get_or_insert_default(), control));
    }
    if let Some(relations) = relations {
        announce(pid, &relations, &reason);
    }
    if let Some(obituary) = obituary {
        // A reason may fail to print itself, and a subscriber to listen.
        quietly(|| report::crash(&obituary, &reason));
    }
    if let Some(table) = table {
        table.give_back(slot);
    }
    schedule.ended(pid, &reason, by);
    quietly(|| drop(reason));
}

/// Step 3. Each value is dropped for itself, so that one panic takes no other along.
fn drop_belongings(slot: &Slot) {
    quietly(|| slot.drop_body());
    loop {
        let next = slot.own().borrow_mut().received.take_any();
        match next {
            Some(message) => drop(message),
            None => break,
        }
    }
    let extras = slot.own().borrow_mut().take_extras();
    if let Some(mut extras) = extras {
        while let Some((_, entry)) = extras.dictionary.pop_first() {
            quietly(|| drop(entry));
        }
        // Wakers of somebody else's.
        quietly(|| drop(extras));
    }
}

/// The signals that were not received, without the messages among them: mostly none.
#[inline]
fn rest_of_signals(slot: &Slot, closed: Arrived) -> Vec<Control> {
    let late = slot.own().borrow_mut().take_late();
    if late.is_empty() && closed.queue.is_empty() {
        return Vec::new();
    }
    late.into_iter().chain(closed.queue).filter_map(drop_message).collect()
}

/// Drops a signal that is a message; passes the others on.
fn drop_message(signal: Signal) -> Option<Control> {
    match signal {
        Signal::Message(message) => drop(message),
        Signal::Control(control) => match *control {
            Control::AliasMessage { message, .. } => drop(message),
            control => return Some(control),
        },
    }
    None
}

/// Step 5: a signal that came after the end was decided.
fn answer_late(pid: Pid, relations: &mut Relations, control: Control) {
    match control {
        Control::Link { from } => {
            let exit = Control::LinkExit { from: pid, reason: ExitReason::NoProc };
            let _ = deliver(from, exit.into());
        }
        Control::Monitor { reference, watcher } => {
            let reason = ExitReason::NoProc;
            let _ = deliver(watcher, Control::Down { reference, pid, reason }.into());
        }
        Control::Unlink { from, id } => {
            relations.links.on_unlink(from);
            let _ = deliver(from, Control::UnlinkAck { from: pid, id }.into());
        }
        Control::UnlinkAck { from, id } => relations.links.on_unlink_ack(from, id),
        Control::Demonitor { reference } => relations.watchers.on_demonitor(reference),
        Control::LinkExit { from, reason } => {
            let _ = relations.links.on_link_exit(from, reason);
        }
        Control::Down { reference, .. } => {
            let _ = relations.monitors.on_down(reference);
        }
        // Dropping the question unanswered is the answer.
        Control::AliasMessage { .. }
        | Control::Exit { .. }
        | Control::AliveQuery { .. }
        | Control::InfoQuery { .. } => {}
    }
}

/// Step 6.
fn announce(pid: Pid, relations: &Relations, reason: &ExitReason) {
    for linked in relations.links.active() {
        let exit = Control::LinkExit { from: pid, reason: reason.clone() };
        let _ = deliver(linked, exit.into());
    }
    for (reference, watcher) in relations.watchers.iter() {
        let down = Control::Down { reference, pid, reason: reason.clone() };
        let _ = deliver(watcher, down.into());
    }
    for (reference, target) in relations.monitors.targets() {
        let _ = deliver(target.pid, Control::Demonitor { reference }.into());
    }
}

//! What signals do when they are received.
//!
//! Reception happens in the process' own turn: before its body is polled, and whenever a receive
//! has looked at everything there is. The rules are those of the `signal` layer; here their effects
//! are carried out, in the order in which the signals came.
//!
//! - R1: once a signal has decided the process' end, the ones behind it are kept for
//!   [`terminate`](super::terminate), which answers them when names are free.
//! - R2: no value of a user is dropped while the process' own part is borrowed, because its `Drop`
//!   may use the process: such values are handed to the caller.

use super::own::{Own, Relations};
use super::slot::Slot;
use super::table::table_of;
use super::{deliver, waker};
use crate::mailbox::Arrived;
use crate::signal::{Accepted, Control, ExitEffect, ExitKind, Signal, Target, exit_effect};
use crate::term::{
    Down, Exit, ExitReason, Message, Monitor, Pid, ProcessInfo, ProcessStatus, Reference,
};

/// Messages that came too late for their alias, to be dropped by the caller (R2).
#[must_use]
#[derive(Debug, Default)]
pub(crate) struct Rejected(Vec<Message>);

/// What the process was doing when a question about it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Waits,
    HasWork,
}

/// Receives everything that has been sent to the running process.
pub(crate) fn receive_signals(slot: &Slot, own: &mut Own) -> Rejected {
    match slot.with_shared(|shared| slot.receive(shared, own)) {
        None => Rejected::default(),
        Some(arrived) => apply(own, arrived, Doing::HasWork),
    }
}

/// Carries out what the signals do.
pub(super) fn apply(own: &mut Own, arrived: Arrived, doing: Doing) -> Rejected {
    let mut rejected = Rejected::default();
    if !arrived.has_control {
        own.received.append(arrived);
        return rejected;
    }
    for signal in arrived.queue {
        match (&mut own.dying, signal) {
            (Some(dying), signal) => dying.late.push_back(signal),
            (None, Signal::Message(message)) => own.received.push(message),
            (None, Signal::Control(control)) => apply_one(own, *control, doing, &mut rejected),
        }
    }
    rejected
}

fn apply_one(own: &mut Own, control: Control, doing: Doing, rejected: &mut Rejected) {
    match control {
        Control::AliasMessage { alias, message } => {
            match accept(own, alias) {
                Accepted::No => rejected.0.push(message),
                Accepted::Yes | Accepted::YesAndDemonitor => own.received.push(message),
            };
        }
        Control::Exit { from, reason } => exit(own, ExitKind::Signal, from, reason),
        Control::LinkExit { from, reason } => {
            let relations = own.relations.as_mut();
            if let Some(reason) = relations.and_then(|r| r.links.on_link_exit(from, reason)) {
                exit(own, ExitKind::Link, from, reason);
            }
        }
        Control::Link { from } => own.relations_mut().links.on_link(from),
        Control::Unlink { from, id } => {
            own.relations_mut().links.on_unlink(from);
            let _ = deliver(from, Control::UnlinkAck { from: own.pid, id }.into());
        }
        Control::UnlinkAck { from, id } => own.relations_mut().links.on_unlink_ack(from, id),
        Control::Monitor { reference, watcher } => {
            own.relations_mut().watchers.on_monitor(reference, watcher);
        }
        Control::Demonitor { reference } => {
            own.relations_mut().watchers.on_demonitor(reference);
        }
        Control::Down {
            reference,
            pid,
            reason,
        } => down(own, reference, pid, reason),
        Control::AliveQuery { reply } => {
            let _ = reply.send(());
        }
        Control::InfoQuery { reply } => {
            let status = match doing {
                Doing::HasWork => ProcessStatus::Runnable,
                Doing::Waits => ProcessStatus::Waiting {
                    at: own.waits_at.text(),
                },
            };
            let _ = reply.send(info(own, status));
        }
    }
}

/// A message has come through an alias; removes the monitor that goes with it.
fn accept(own: &mut Own, alias: Reference) -> Accepted {
    let Some(relations) = own.relations.as_mut() else {
        return Accepted::No;
    };
    let accepted = relations.aliases.on_message(alias);
    if accepted == Accepted::YesAndDemonitor
        && let Some(target) = relations.monitors.remove(alias)
    {
        let _ = deliver(target.pid, Control::Demonitor { reference: alias }.into());
    }
    accepted
}

fn exit(own: &mut Own, kind: ExitKind, from: Pid, reason: ExitReason) {
    match exit_effect(kind, reason, own.trap_exit) {
        ExitEffect::Ignore => {}
        ExitEffect::Die(reason) => own.die(reason),
        ExitEffect::Deliver(reason) => {
            own.received.push(Message::new(Exit { pid: from, reason }));
        }
    }
}

fn down(own: &mut Own, reference: Reference, pid: Pid, reason: ExitReason) {
    let Some(relations) = own.relations.as_mut() else {
        return;
    };
    if let Some(Target { name, .. }) = relations.monitors.on_down(reference) {
        relations.aliases.on_monitor_gone(reference);
        own.received.push(Message::new(Down::new(
            Monitor(reference),
            pid,
            name,
            reason,
        )));
    }
}

/// A snapshot of the process.
pub(crate) fn info(own: &Own, status: ProcessStatus) -> ProcessInfo {
    let none = Relations::default();
    let relations = own.relations.as_deref().unwrap_or(&none);
    let extras = own.extras.as_deref();
    let names = table_of(own.pid.node()).map(|table| table.registry.names_of(own.pid));
    ProcessInfo {
        pid: own.pid,
        status,
        names: names.unwrap_or_default(),
        label: extras.and_then(|extras| extras.label.clone()),
        links: relations.links.active().collect(),
        monitors: relations
            .monitors
            .targets()
            .map(|(r, t)| (Monitor(r), t.pid))
            .collect(),
        monitored_by: relations
            .watchers
            .iter()
            .map(|(_, watcher)| watcher)
            .collect(),
        trap_exit: own.trap_exit,
        mailbox_len: own.received.len(),
        reductions: own.reductions,
        spawned_at: own.spawned_at.unwrap_or(std::panic::Location::caller()),
        parent: own.parent,
        dictionary: extras.map_or_else(Vec::new, |e| e.dictionary.keys().cloned().collect()),
        age: own
            .started
            .map_or(std::time::Duration::ZERO, |started| started.elapsed()),
    }
}

/// Registers the waker of a combinator inside the body, to be called when there are messages or a
/// timer has run out. The process' own waker needs no registration.
pub(crate) fn register_inner_waker(slot: &'static Slot, own: &mut Own, new: &std::task::Waker) {
    if waker::is_waker_of(new, slot) {
        return;
    }
    let wakers = &mut own.extras_mut().inner_wakers;
    if !wakers.iter().any(|old| old.will_wake(new)) {
        wakers.push(new.clone());
    }
}

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

use std::collections::BTreeMap;
use std::task::Waker;

use super::current::Current;
use super::own::{EndedBy, Own, Relations};
use super::slot::Slot;
use super::table::table_of;
use super::{deliver, waker};
use crate::mailbox::Arrived;
use crate::signal::{Accepted, Control, ExitEffect, ExitKind, Signal, Target, exit_effect};
use crate::term::{
    Down, Exit, ExitReason, Message, Monitor, Pid, ProcessInfo, ProcessStatus, Reference, quietly,
};

/// What had no effect, to be dropped by the caller (R2): messages that came too late for their
/// alias, and reasons, of which this may be the last holder.
#[must_use]
#[derive(Debug, Default)]
pub(super) struct Rejected {
    messages: Vec<Message>,
    reasons: Vec<ExitReason>,
}

impl Rejected {
    /// Holds a reason that will have no effect, if there is a value of the user's in it, until
    /// nothing is borrowed.
    fn hold(&mut self, reason: &ExitReason) {
        use ExitReason::{Error, Other, ShutdownWith};
        if matches!(reason, Error(_) | Other(_) | ShutdownWith(_)) {
            self.reasons.push(reason.clone());
        }
    }

    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.reasons.is_empty()
    }

    fn drop_each(self) {
        drop(self.messages);
        for reason in self.reasons {
            quietly(|| drop(reason));
        }
    }
}

/// What is to be done after a reception, when nothing of the process is borrowed any more (R2).
/// Mostly nothing.
#[must_use]
#[derive(Debug, Default)]
pub(crate) struct Errands(Option<Box<Work>>);

#[derive(Debug)]
struct Work {
    rejected: Rejected,
    wakers: BTreeMap<u64, Waker>,
    /// Poll the body once more: another part of it may want what has come.
    poll_again: bool,
}

impl Errands {
    fn new(rejected: Rejected, wakers: BTreeMap<u64, Waker>, poll_again: bool) -> Self {
        if rejected.is_empty() && wakers.is_empty() && !poll_again {
            return Self(None);
        }
        Self(Some(Box::new(Work { rejected, wakers, poll_again })))
    }

    /// To drop what was rejected.
    pub(super) fn drop_rejected(rejected: Rejected) -> Self {
        Self::new(rejected, BTreeMap::new(), false)
    }

    /// To wake the parts of the body that wait with wakers of their own, too.
    #[inline]
    pub(super) fn and_wake(self, wakers: BTreeMap<u64, Waker>) -> Self {
        if wakers.is_empty() {
            return self;
        }
        match self.0 {
            Some(work) => Self(Some(Box::new(Work { wakers, ..*work }))),
            None => Self::new(Rejected::default(), wakers, false),
        }
    }

    #[inline]
    pub(crate) fn run(self, slot: &'static Slot) {
        if let Some(work) = self.0 {
            work.run(slot);
        }
    }
}

impl Work {
    #[cold]
    fn run(self, slot: &'static Slot) {
        self.rejected.drop_each();
        self.wakers.into_values().for_each(Waker::wake);
        if self.poll_again {
            slot.wake();
        }
    }
}

/// What the process was doing when a question about it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Waits,
    HasWork,
}

/// Receives everything that has been sent to the running process, in the middle of its turn.
///
/// `waiting_here` is how many of its waiting receives look at the mailbox afterwards anyhow. If
/// there are others, they have been polled before in this turn or will not be, and must be told.
pub(crate) fn receive_signals(slot: &Slot, own: &mut Own, waiting_here: u32) -> Errands {
    let before = own.received.len();
    let arrived =
        slot.with_shared(
            |shared| {
                if slot.receive(shared, own) { None } else { Some(slot.take(shared)) }
            },
        );
    let rejected = match arrived {
        None => Rejected::default(),
        Some(arrived) => apply(slot.pid(), own, arrived, Doing::HasWork),
    };
    let tell_others = own.receiving > waiting_here && own.received.len() > before;
    let wakers = if tell_others { own.take_inner_wakers() } else { BTreeMap::new() };
    Errands::new(rejected, wakers, tell_others)
}

/// Carries out what the signals do.
pub(super) fn apply(pid: Pid, own: &mut Own, arrived: Arrived, doing: Doing) -> Rejected {
    let mut rejected = Rejected::default();
    if !arrived.has_control {
        own.received.append(arrived);
        return rejected;
    }
    for signal in arrived.queue {
        if own.is_dying() {
            own.keep_late(signal);
            continue;
        }
        match signal {
            Signal::Message(message) => own.received.push(message),
            Signal::Control(control) => apply_one(pid, own, *control, doing, &mut rejected),
        }
    }
    rejected
}

fn apply_one(this: Pid, own: &mut Own, control: Control, doing: Doing, rejected: &mut Rejected) {
    match control {
        Control::AliasMessage { alias, message } => match accept(own, alias) {
            Accepted::No => rejected.messages.push(message),
            Accepted::Yes | Accepted::YesAndDemonitor => own.received.push(message),
        },
        Control::Exit { from, reason } => exit(own, ExitKind::Signal, from, reason),
        Control::LinkExit { from, reason } => {
            let relations = own.existing_relations();
            if !relations.as_ref().is_some_and(|r| r.links.is_active(from)) {
                rejected.hold(&reason);
            }
            if let Some(reason) = relations.and_then(|r| r.links.on_link_exit(from, reason)) {
                exit(own, ExitKind::Link, from, reason);
            }
        }
        Control::Link { from } => own.relations_mut().links.on_link(from),
        Control::Unlink { from, id } => {
            own.relations_mut().links.on_unlink(from);
            let _ = deliver(from, Control::UnlinkAck { from: this, id }.into());
        }
        Control::UnlinkAck { from, id } => own.relations_mut().links.on_unlink_ack(from, id),
        Control::Monitor { reference, watcher } => {
            own.relations_mut().watchers.on_monitor(reference, watcher);
        }
        Control::Demonitor { reference } => {
            own.relations_mut().watchers.on_demonitor(reference);
        }
        Control::Down { reference, pid, reason } => {
            if let Some(unheard) = down(own, reference, pid, reason) {
                rejected.reasons.push(unheard);
            }
        }
        Control::AliveQuery { reply } => {
            let _ = reply.send(());
        }
        Control::InfoQuery { reply } => {
            let status = match doing {
                Doing::HasWork => ProcessStatus::Runnable,
                Doing::Waits => ProcessStatus::Waiting { at: own.waits_at.text() },
            };
            let _ = reply.send(info(this, own, status));
        }
    }
}

/// A message has come through an alias; removes the monitor that goes with it.
fn accept(own: &mut Own, alias: Reference) -> Accepted {
    let Some(relations) = own.existing_relations() else {
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

/// No reason is dropped here, but such as have no value in them.
fn exit(own: &mut Own, kind: ExitKind, from: Pid, reason: ExitReason) {
    match exit_effect(kind, reason, own.trap_exit) {
        ExitEffect::Ignore => {}
        ExitEffect::Die(reason) => {
            let unheard = own.die(reason, EndedBy::Signal);
            debug_assert!(unheard.is_none(), "R1: nothing more is received");
        }
        ExitEffect::Deliver(reason) => {
            own.received.push(Message::new(Exit { pid: from, reason }));
        }
    }
}

/// Gives the reason back if nobody is to hear of it.
fn down(own: &mut Own, reference: Reference, pid: Pid, reason: ExitReason) -> Option<ExitReason> {
    let Some(relations) = own.existing_relations() else {
        return Some(reason);
    };
    let Some(Target { name, .. }) = relations.monitors.on_down(reference) else {
        return Some(reason);
    };
    relations.aliases.on_monitor_gone(reference);
    own.received.push(Message::new(Down::new(Monitor(reference), pid, name, reason)));
    None
}

/// A snapshot of the process.
pub(crate) fn info(pid: Pid, own: &Own, status: ProcessStatus) -> ProcessInfo {
    let none = Relations::default();
    let relations = own.relations().unwrap_or(&none);
    let extras = own.extras();
    let names = table_of(pid.node()).map(|table| table.registry.names_of(pid));
    ProcessInfo {
        pid,
        status,
        names: names.unwrap_or_default(),
        label: extras.and_then(|extras| extras.label.clone()),
        links: relations.links.active().collect(),
        monitors: relations.monitors.targets().map(|(r, t)| (Monitor(r), t.pid)).collect(),
        monitored_by: relations.watchers.iter().map(|(_, watcher)| watcher).collect(),
        trap_exit: own.trap_exit,
        is_receiving: own.receiving > 0,
        mailbox_len: own.received.len(),
        messages_seen: own.received.next_number(),
        reductions: own.reductions,
        spawned_at: own.birth().spawned_at,
        parent: own.birth().parent(pid),
        dictionary: extras
            .map_or_else(Vec::new, |e| e.dictionary.iter().map(|(key, _)| key.clone()).collect()),
        age: own.birth().age(),
    }
}

/// Registers the waker of a combinator inside the body, to be called when there are messages or a
/// timer has run out. The process' own waker needs no registration. `number` is 0 at first, and
/// known to the wait from then on.
#[inline]
pub(crate) fn register_inner_waker(current: Current, number: &mut u64, waker: &Waker) {
    if !waker::is_waker_of(waker, current.slot()) || *number != 0 {
        // The one before is dropped here, as nothing is borrowed (R2).
        let before = current.with(|own| replace_inner_waker(own, number, waker.clone()));
        drop(before);
    }
}

fn replace_inner_waker(own: &mut Own, number: &mut u64, waker: Waker) -> Option<Waker> {
    let extras = own.extras_mut();
    if *number == 0 {
        extras.last_inner_waker += 1;
        *number = extras.last_inner_waker;
    }
    extras.inner_wakers.insert(*number, waker)
}

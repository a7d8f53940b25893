//! One turn of a process: receive signals, poll the body, and decide what comes next.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::current::{Entered, enter};
use super::own::{EndedBy, Own};
use super::reception::{Doing, Errands, apply};
use super::report::take_panic_location;
use super::schedule::Scheduled;
use super::slot::Slot;
use super::state::{Act, Begun};
use super::terminate::terminate;
use super::waker::waker;
use crate::term::{ExitReason, PanicInfo, Pid, WaitsAt, quietly};

/// The payload with which `exit` unwinds the body.
pub(crate) struct ExitRequest(pub(crate) ExitReason);

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Ran {
    /// It waits, or the entry was stale; somebody will enqueue it.
    Idle,
    /// It has more to do: the scheduler puts it back into the queue.
    Again,
    /// It has ended.
    Ended,
}

/// Gives the process in `slot`, taken from a run queue of `schedule`, its turn.
pub(crate) fn run(slot: &'static Slot, schedule: Scheduled) -> Ran {
    let begun = slot.with_shared(|shared| {
        // A stale entry may lead to a tenant of others (T1), which is not to run here (P2).
        let mut begun = match shared.schedule {
            Some(its) if std::ptr::eq(its, schedule) => shared.state.begin()?,
            _ => return None,
        };
        if !shared.incoming.is_empty() {
            begun.has_new = true;
            // What cannot be received at once can wait, unless it is more than messages.
            let is_received = slot.receive(shared, &mut slot.own().borrow_mut());
            begun.has_arrived = !is_received && shared.state.has_control();
        }
        Some(begun)
    });
    let Some(begun) = begun else {
        return Ran::Idle;
    };
    let entered = enter(slot, schedule);
    if prepare(slot, begun)
        && let Some(reason) = poll(slot)
    {
        let unheard = slot.own().borrow_mut().die(reason, EndedBy::Itself);
        if let Some(unheard) = unheard {
            quietly(|| drop(unheard));
        }
    }
    end(slot, schedule, &entered)
}

/// Does what is to be done before the body is polled. Returns whether it is to be.
#[inline]
fn prepare(slot: &'static Slot, begun: Begun) -> bool {
    let (begun, errands) = if begun.has_arrived || begun.timer || begun.has_new {
        receive(slot, begun)
    } else {
        (begun, Errands::default())
    };
    errands.run(slot);
    let own = &mut *slot.own().borrow_mut();
    let poll = !own.is_dying() && (begun.poll || (begun.receiving && begun.has_new));
    if poll {
        own.waits_at = WaitsAt::default();
    }
    poll
}

/// Takes notice of what woke the process.
#[inline]
fn receive(slot: &Slot, mut begun: Begun) -> (Begun, Errands) {
    let own = &mut *slot.own().borrow_mut();
    let mut errands = Errands::default();
    if begun.has_arrived {
        let before = own.received.len();
        errands = receive_arrived(slot, own, begun.poll);
        begun.has_new = own.received.len() > before;
    }
    if begun.timer {
        own.set_armed(None);
    }
    if (begun.has_new || begun.timer) && own.has_inner_wakers() {
        errands = errands.and_wake(own.take_inner_wakers());
    }
    (begun, errands)
}

/// Receives what could not be received at once, signal by signal.
#[cold]
#[inline(never)]
fn receive_arrived(slot: &Slot, own: &mut Own, has_work: bool) -> Errands {
    let doing = if has_work { Doing::HasWork } else { Doing::Waits };
    let arrived = slot.with_shared(|shared| slot.take(shared));
    Errands::drop_rejected(apply(slot.pid(), own, arrived, doing))
}

/// Polls the body. Returns the reason if that was its end.
#[inline]
fn poll(slot: &'static Slot) -> Option<ExitReason> {
    let waker = waker(slot);
    let mut cx = Context::from_waker(&waker);
    match slot.poll_body(&mut cx) {
        Ok(Poll::Pending) => None,
        Ok(Poll::Ready(reason)) => Some(reason),
        Err(payload) => Some(reason_of(payload, slot.pid())),
    }
}

/// The turn is over. The process that was entered stays the running one until its end is over, too.
#[inline]
fn end(slot: &'static Slot, schedule: Scheduled, entered: &Entered) -> Ran {
    let mut freed = None;
    let act = slot.with_shared(|shared| {
        // Borrowed inside: when the lock is released, the turn is over and another's (P1).
        let own = &mut *slot.own().borrow_mut();
        own.reductions += 1 + u64::from(entered.spent());
        if own.is_dying() {
            return Err(shared.begin_to_end());
        }
        let act = shared.state.end(own.receiving > 0, !shared.incoming.is_empty());
        if act == Act::Nothing {
            freed = own.received.rest(&mut shared.incoming);
        }
        Ok(act)
    });
    match act {
        Ok(Act::Nothing) => Ran::Idle,
        Ok(Act::Enqueue) => Ran::Again,
        Err(seen) => {
            terminate(slot, *schedule, seen);
            Ran::Ended
        }
    }
}

/// What a caught panic says about the end of the process.
fn reason_of(payload: Box<dyn Any + Send>, pid: Pid) -> ExitReason {
    let payload = match payload.downcast::<ExitRequest>() {
        Ok(request) => return request.0,
        Err(payload) => payload,
    };
    ExitReason::Panic(Arc::new(panic_info(payload, pid)))
}

/// What is known of a caught panic.
pub(crate) fn panic_info(payload: Box<dyn Any + Send>, pid: Pid) -> PanicInfo {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "(the payload is no text)".to_owned());
    quietly(|| drop(payload));
    PanicInfo::new(pid, text, take_panic_location(pid))
}

//! One turn of a process: receive signals, poll the body, and decide what comes next.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::body::{Polled, Running};
use super::current::{Entered, enter, is_entered, set_aside};
use super::own::EndedBy;
use super::reception::{Doing, Errands, apply};
use super::report::take_panic_location;
use super::schedule::Scheduled;
use super::slot::{Shared, Slot};
use super::state::{Act, Begun};
use super::terminate::{Seen, terminate};
use super::waker::waker;
use crate::mailbox::Buffer;
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
    if is_entered() {
        return run_within(slot, schedule);
    }
    let mut shared = slot.lock();
    let Some(begun) = begin(&mut shared, schedule) else {
        return Ran::Idle;
    };
    let mut own = slot.own().borrow_mut();
    if !begun.is_plain() || own.has_inner_wakers() {
        drop(own);
        drop(shared);
        return run_any(slot, schedule, begun);
    }
    if !shared.incoming.is_empty() {
        // What cannot be received at once can wait: they are messages.
        let _ = slot.receive_messages(&mut shared, &mut own);
    }
    own.waits_at = WaitsAt::default();
    let body = own.future();
    drop(own);
    drop(shared);
    let entered = enter(slot, schedule);
    poll(slot, &body);
    end(slot, &entered)
}

/// Gives a turn that has begun to a process with more, or less, to do than to poll its body.
#[cold]
#[inline(never)]
fn run_any(slot: &'static Slot, schedule: Scheduled, begun: Begun) -> Ran {
    let entered = enter(slot, schedule);
    if prepare(slot, begun) {
        let body = slot.own().borrow().future();
        poll(slot, &body);
    }
    end(slot, &entered)
}

/// The same, within the turn of another process, which blocks its thread on a runtime of its own.
#[cold]
#[inline(never)]
fn run_within(slot: &'static Slot, schedule: Scheduled) -> Ran {
    let _restored = set_aside();
    run(slot, schedule)
}

/// Begins the turn. `None`: the entry is stale.
#[inline]
fn begin(shared: &mut Shared, schedule: Scheduled) -> Option<Begun> {
    // A stale entry may lead to a tenant of others (T1), which is not to run here (P2).
    match shared.schedule {
        Some(its) if std::ptr::eq(its, schedule) => shared.state.begin(),
        _ => None,
    }
}

/// Does what is to be done before the body is polled. Returns whether it is to be.
fn prepare(slot: &'static Slot, begun: Begun) -> bool {
    let (has_new, errands) = receive(slot, begun);
    errands.run(slot);
    let own = &mut *slot.own().borrow_mut();
    let polls = !own.is_dying() && (begun.polls() || (begun.receives() && has_new));
    if polls {
        own.waits_at = WaitsAt::default();
    }
    polls
}

/// Takes notice of what woke the process. Returns whether there are new messages.
fn receive(slot: &Slot, begun: Begun) -> (bool, Errands) {
    let own = &mut *slot.own().borrow_mut();
    let before = own.received.len();
    let arrived = slot.with_shared(|shared| {
        let is_received = slot.receive(shared, own);
        // What cannot be received at once can wait, unless it is more than messages.
        (!is_received && shared.state.has_control()).then(|| slot.take(shared))
    });
    let doing = if begun.polls() { Doing::HasWork } else { Doing::Waits };
    let mut errands = match arrived {
        Some(arrived) => Errands::drop_rejected(apply(slot.pid(), own, arrived, doing)),
        None => Errands::default(),
    };
    if begun.has_timer() {
        own.set_armed(None);
    }
    let has_new = own.received.len() > before || slot.has_pending();
    if (has_new || begun.has_timer()) && own.has_inner_wakers() {
        errands = errands.and_wake(own.take_inner_wakers());
    }
    (has_new, errands)
}

/// Polls the body. If that was its end, so it is for the process.
#[inline]
fn poll(slot: &'static Slot, body: &Running) {
    let waker = waker(slot);
    let mut cx = Context::from_waker(&waker);
    let polled = slot.poll_body(body, &mut cx);
    if !matches!(polled, Ok(Poll::Pending)) {
        over(slot, polled);
    }
}

/// The body has returned or panicked.
#[cold]
#[inline(never)]
fn over(slot: &Slot, polled: Polled) {
    let reason = match polled {
        Ok(Poll::Pending) => return,
        Ok(Poll::Ready(reason)) => reason,
        Err(payload) => reason_of(payload, slot.pid()),
    };
    let unheard = slot.own().borrow_mut().die(reason, EndedBy::Itself);
    if let Some(unheard) = unheard {
        quietly(|| drop(unheard));
    }
}

/// The turn is over. The process that was entered stays the running one until its end is over, too.
#[expect(clippy::inline_always, reason = "a part of each turn, and of hardly anything else")]
#[inline(always)]
fn end(slot: &'static Slot, entered: &Entered) -> Ran {
    let mut shared = slot.lock();
    // Borrowed inside: when the lock is released, the turn is over and another's (P1).
    let mut own = slot.own().borrow_mut();
    own.reductions += 1 + u64::from(entered.spent());
    if own.is_dying() {
        let seen = shared.begin_to_end();
        drop(own);
        drop(shared);
        return terminated(slot, entered, seen);
    }
    let signals_wait = !shared.incoming.is_empty();
    if shared.state.end(own.receiving > 0, signals_wait) == Act::Enqueue {
        return Ran::Again;
    }
    let freed = own.received.rest(&mut shared.incoming);
    drop(own);
    drop(shared);
    if let Some(buffer) = freed {
        free(buffer);
    }
    Ran::Idle
}

/// Outside the lock.
#[cold]
#[inline(never)]
fn free(buffer: Buffer) {
    drop(buffer);
}

#[cold]
#[inline(never)]
fn terminated(slot: &'static Slot, entered: &Entered, seen: Seen) -> Ran {
    terminate(slot, *entered.schedule(), seen);
    Ran::Ended
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

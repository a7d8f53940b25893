//! One turn of a process: receive signals, poll the body, and decide what comes next.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

use super::current::{Entered, enter};
use super::own::Own;
use super::reception::{Doing, Errands, apply};
use super::report::take_panic_location;
use super::slot::{Schedule, Slot};
use super::state::{Act, Begun};
use super::terminate::terminate;
use super::waker::waker;
use crate::mailbox::Arrived;
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

/// What the signals received at the beginning of a turn ask for.
struct Plan {
    pid: Pid,
    /// Poll the body.
    poll: bool,
    /// Things to do while nothing of the process is borrowed.
    errands: Option<Errands>,
}

/// Gives the process in `slot`, taken from a run queue of `schedule`, its turn.
pub(crate) fn run(slot: &'static Slot, schedule: &'static dyn Schedule) -> Ran {
    let mut arrived = None;
    let begun = slot.with_shared(|shared| {
        let begun = shared.state.begin()?;
        let is_new = !shared.incoming.is_empty();
        if is_new {
            arrived = slot.receive(shared, &mut slot.own().borrow_mut());
        }
        Some((begun, is_new))
    });
    let Some((begun, is_new)) = begun else {
        return Ran::Idle;
    };
    let plan = prepare(&mut slot.own().borrow_mut(), &begun, is_new, arrived);
    let entered = enter(slot, plan.pid, schedule);
    if let Some(errands) = plan.errands {
        errands.run(slot);
    }
    if plan.poll {
        match catch_unwind(AssertUnwindSafe(|| poll(slot))) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready(reason)) => slot.own().borrow_mut().die(reason),
            Err(payload) => {
                let reason = reason_of(payload, plan.pid);
                slot.own().borrow_mut().die(reason);
            }
        }
    }
    end(slot, schedule, entered)
}

#[inline]
fn prepare(own: &mut Own, begun: &Begun, is_new: bool, arrived: Option<Arrived>) -> Plan {
    let (errands, new_messages) = match arrived {
        None => (None, is_new),
        Some(arrived) => receive(own, begun, arrived),
    };
    if begun.timer {
        own.armed = None;
    }
    own.reductions += 1;
    let poll = own.dying.is_none() && (begun.poll || (begun.receiving && new_messages));
    if poll {
        own.waits_at = WaitsAt::Elsewhere;
    }
    if own.extras.is_none() || !(new_messages || begun.timer) {
        return Plan { pid: own.pid, poll, errands };
    }
    let wakers = own.take_inner_wakers();
    let errands = Errands { wakers, ..errands.unwrap_or_default() };
    Plan { pid: own.pid, poll, errands: Some(errands) }
}

/// Receives signals that are not all messages. Returns whether there were messages, too.
#[cold]
fn receive(own: &mut Own, begun: &Begun, arrived: Arrived) -> (Option<Errands>, bool) {
    let before = own.received.len();
    let doing = if begun.poll { Doing::HasWork } else { Doing::Waits };
    let rejected = apply(own, arrived, doing);
    (Some(Errands { rejected, ..Errands::default() }), own.received.len() > before)
}

fn poll(slot: &'static Slot) -> Poll<ExitReason> {
    let waker = waker(slot);
    let mut body = slot.body().borrow_mut();
    let body = body.as_mut().expect("invariant P1: a live process has a body");
    body.as_mut().poll(&mut Context::from_waker(&waker))
}

fn end(slot: &'static Slot, schedule: &'static dyn Schedule, entered: Entered) -> Ran {
    let is_dying = {
        let own = &mut *slot.own().borrow_mut();
        own.reductions += u64::from(entered.spent());
        own.dying.is_some()
    };
    if !is_dying {
        return rest(slot);
    }
    terminate(slot, schedule);
    drop(entered);
    Ran::Ended
}

fn rest(slot: &Slot) -> Ran {
    let mut freed = None;
    let act = slot.with_shared(|shared| {
        // Borrowed inside: when the lock is released, the turn is over and another's (P1).
        let own = &mut *slot.own().borrow_mut();
        let act = shared.state.end(own.receiving > 0, shared.waiting());
        if act == Act::Nothing {
            freed = own.received.rest(&mut shared.incoming);
        }
        act
    });
    drop(freed);
    match act {
        Act::Nothing => Ran::Idle,
        Act::Enqueue => Ran::Again,
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

//! One turn of a process: receive signals, poll the body, and decide what comes next.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::current::{Entered, enter};
use super::own::Own;
use super::reception::{Doing, Rejected, apply};
use super::report::take_panic_location;
use super::slot::{Schedule, Slot};
use super::state::{Act, Begun};
use super::terminate::terminate;
use super::waker::waker;
use crate::mailbox::Arrived;
use crate::term::{ExitReason, PanicInfo, Pid, WaitsAt};

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

/// What a turn starts with.
struct Turn {
    pid: Pid,
    poll: bool,
    rejected: Rejected,
    wakers: Vec<Waker>,
    dying: bool,
}

/// Gives the process in `slot`, taken from a run queue of `schedule`, its turn.
pub(crate) fn run(slot: &'static Slot, schedule: &'static dyn Schedule) -> Ran {
    let Some((begun, arrived)) = begin(slot) else { return Ran::Idle };
    let turn = prepare(&mut slot.own().borrow_mut(), &begun, arrived);
    let entered = enter(slot, turn.pid, schedule);
    quietly(|| drop(turn.rejected));
    turn.wakers.into_iter().for_each(Waker::wake);
    if !turn.dying && turn.poll {
        match catch_unwind(AssertUnwindSafe(|| poll(slot))) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready(reason)) => slot.own().borrow_mut().die(reason),
            Err(payload) => {
                let reason = reason_of(payload, turn.pid);
                slot.own().borrow_mut().die(reason);
            }
        }
    }
    end(slot, schedule, entered)
}

fn begin(slot: &Slot) -> Option<(Begun, Option<Arrived>)> {
    slot.with_shared(|shared| {
        let begun = shared.state.begin()?;
        if shared.incoming.is_empty() {
            return Some((begun, None));
        }
        let arrived = slot.take_incoming(shared, &mut slot.own().borrow_mut());
        Some((begun, Some(arrived)))
    })
}

fn prepare(own: &mut Own, begun: &Begun, arrived: Option<Arrived>) -> Turn {
    let before = own.received.len();
    let doing = if begun.poll { Doing::HasWork } else { Doing::Waits };
    let rejected = arrived.map(|arrived| apply(own, arrived, doing)).unwrap_or_default();
    let new_messages = own.received.len() > before;
    if begun.timer {
        own.armed = None;
    }
    let wakers = match &mut own.extras {
        Some(extras) if new_messages || begun.timer => std::mem::take(&mut extras.inner_wakers),
        _ => Vec::new(),
    };
    own.reductions += 1;
    own.waits_at = if begun.poll || new_messages { WaitsAt::Elsewhere } else { own.waits_at };
    Turn {
        pid: own.pid,
        poll: begun.poll || (begun.receiving && new_messages),
        rejected,
        wakers,
        dying: own.dying.is_some(),
    }
}

fn poll(slot: &'static Slot) -> Poll<ExitReason> {
    let waker = waker(slot);
    let mut body = slot.body().borrow_mut();
    let body = body.as_mut().expect("invariant P1: a live process has a body");
    body.as_mut().poll(&mut Context::from_waker(&waker))
}

fn end(slot: &'static Slot, schedule: &'static dyn Schedule, entered: Entered) -> Ran {
    let mut own = slot.own().borrow_mut();
    own.reductions += u64::from(entered.spent());
    if own.dying.is_none() {
        return rest(slot, &mut own);
    }
    drop(own);
    terminate(slot, schedule);
    drop(entered);
    Ran::Ended
}

fn rest(slot: &Slot, own: &mut Own) -> Ran {
    let spare = own.received.take_spare();
    let (act, freed) = slot.with_shared(|shared| {
        let act = shared.state.end(own.receiving > 0, shared.waiting());
        (act, shared.incoming.give_back(spare))
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
    PanicInfo::new(pid, text, take_panic_location())
}

/// Runs user code, mostly `Drop`s, whose panics must not go further.
pub(super) fn quietly(code: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(code)) {
        // Dropping the payload may panic again; that one's payload is given up.
        if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(second);
        }
    }
}

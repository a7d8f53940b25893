//! What a process consists of, and who may touch what.
//!
//! ```text
//!   Slot
//!   ├── index              never changes
//!   ├── pending            a hint that the outer queue has something: read without the lock
//!   ├── shared  (lock)     anyone:   tenant, state, outer queue, where to enqueue
//!   ├── own                its turn: what only the process itself uses
//!   └── body               its turn: the future
//! ```
//!
//! Slots live in the pages of a table, are never freed, and have many tenants one after the other.
//! `tenant` is the pid of the present one, or of the next one while the slot is vacant.
//!
//! - P1: `own` and `body` are touched only by the thread that has the process' turn (T2), by the
//!   spawner before the process is queued for the first time, and by its end before the slot is
//!   given back. The lock that each of these passes through orders them.
//! - P2: a body that is not `Send` is given only to a scheduler that never leaves its thread, and
//!   `Schedule::enqueue` of that scheduler brings the process back to it.
//! - P3: a signal is queued only under the lock, and only if the tenant is the pid it was sent to.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::AtomicPtr;

use tokio::time::Instant;

#[cfg(not(kerosene_loom))]
use super::lock::Lock;
#[cfg(kerosene_loom)]
use super::lock::ModelLock as Lock;
use super::own::Own;
use super::state::{Act, State, Waiting};
use super::table::Table;
use crate::mailbox::{Arrived, Incoming};
use crate::signal::Signal;
use crate::sync::{AtomicBool, Ordering};
use crate::term::{ExitReason, Pid};

/// A body: the future of a process, its output already a reason.
pub(crate) type Body = Pin<Box<dyn Future<Output = ExitReason>>>;

/// The seam upward: what a process needs from who runs it.
pub(crate) trait Schedule: Sync {
    /// Takes a process that has become `Queued`.
    fn enqueue(&'static self, slot: &'static Slot);

    /// Forgets the timers whose destination is `pid`.
    fn forget_timers(&self, pid: Pid);

    /// Wakes the process at this moment, for a timer of its body.
    fn arm(&'static self, deadline: Instant, pid: Pid) -> TimerKey;

    /// The number of the timer service that this scheduler keeps running.
    fn timer_service(&self) -> u32;

    /// Takes that back.
    fn disarm(&'static self, key: TimerKey);

    /// A process has ended; it was the last thing it did.
    fn ended(&'static self, pid: Pid, reason: &ExitReason);

    /// Whether `preempts` is worth asking.
    fn is_simulated(&self) -> bool;

    /// Whether the process that runs now should give way at this await, though it need not: always
    /// no, but for simulations.
    fn preempts(&self) -> bool;
}

/// Where a timer is kept: by deadline, and by number among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerKey {
    pub(crate) deadline: Instant,
    pub(crate) number: u64,
}

/// A place for one slot, or none, that threads exchange.
#[derive(Debug, Default)]
pub(crate) struct AtomicSlot(AtomicPtr<Slot>);

impl AtomicSlot {
    /// Puts a slot in, and takes out what was there.
    #[inline]
    pub(crate) fn replace(&self, slot: Option<&'static Slot>) -> Option<&'static Slot> {
        let new = slot.map_or(std::ptr::null_mut(), |slot| std::ptr::from_ref(slot).cast_mut());
        // AcqRel: pairs with itself; what was done before a slot was put in is seen by who takes
        // it.
        let old = self.0.swap(new, Ordering::AcqRel);
        // SAFETY: only addresses of `&'static Slot`s are ever stored, and null.
        unsafe { old.as_ref() }
    }

    /// Looks without taking.
    #[inline]
    pub(crate) fn get(&self) -> Option<&'static Slot> {
        // Acquire pairs with the swap in `replace` and the store in `set`.
        let slot = self.0.load(Ordering::Acquire);
        // SAFETY: as in `replace`.
        unsafe { slot.as_ref() }
    }

    /// Puts a slot in without looking what was there.
    #[inline]
    pub(crate) fn set(&self, slot: Option<&'static Slot>) {
        let new = slot.map_or(std::ptr::null_mut(), |slot| std::ptr::from_ref(slot).cast_mut());
        // Release pairs with the loads in `get` and `replace`.
        self.0.store(new, Ordering::Release);
    }
}

/// One place for a process.
pub(crate) struct Slot {
    index: u32,
    pending: AtomicBool,
    shared: Lock<Shared>,
    own: RefCell<Own>,
    body: RefCell<Option<Body>>,
}

// SAFETY: `shared` is a lock, `pending` an atomic, `index` constant. `own` and `body` are touched
// by one thread at a time (P1), in turns ordered by the lock; what is not `Send` stays on one
// thread (P2).
unsafe impl Sync for Slot {}

/// The part that anyone may touch, under the lock.
pub(crate) struct Shared {
    tenant: Pid,
    pub(crate) state: State,
    pub(crate) incoming: Incoming,
    pub(crate) schedule: Option<&'static dyn Schedule>,
    /// It may have registered names.
    pub(crate) has_names: bool,
    /// It may be the destination of timers.
    pub(crate) has_timers: bool,
}

/// What a new process starts with.
pub(crate) struct Spawn {
    pub(crate) body: Body,
    pub(crate) parent: Option<Pid>,
    pub(crate) spawned_at: &'static Location<'static>,
    pub(crate) started: Instant,
}

impl Slot {
    pub(super) fn new(tenant: Pid) -> Self {
        let shared = Shared {
            tenant,
            state: State::default(),
            incoming: Incoming::default(),
            schedule: None,
            has_names: false,
            has_timers: false,
        };
        Self {
            index: tenant.index(),
            pending: AtomicBool::new(false),
            shared: Lock::new(shared),
            own: RefCell::new(Own::default()),
            body: RefCell::new(None),
        }
    }

    pub(super) fn index(&self) -> u32 {
        self.index
    }

    /// A process moves in. The caller prepares `own` further and then calls [`Self::start`].
    pub(crate) fn move_in(&self, spawn: Spawn, schedule: &'static dyn Schedule) -> Pid {
        let pid = self.shared.with(|shared| {
            shared.schedule = Some(schedule);
            shared.tenant
        });
        *self.body.borrow_mut() = Some(spawn.body);
        let own = &mut *self.own.borrow_mut();
        own.pid = pid;
        own.parent = spawn.parent;
        own.spawned_at = Some(spawn.spawned_at);
        own.started = Some(spawn.started);
        pid
    }

    /// Lets the spawner furnish the new process, before it is started (P1).
    pub(crate) fn furnish(&self, f: impl FnOnce(&mut Own)) {
        f(&mut self.own.borrow_mut());
    }

    /// Queues the new process for the first time.
    pub(crate) fn start(&'static self) {
        self.act(self.shared.with(|shared| (shared.state.start(), shared.schedule)));
    }

    /// Calls `f` with the shared part, if the tenant is `pid` and has not ended.
    #[inline]
    pub(crate) fn with_tenant<R>(&self, pid: Pid, f: impl FnOnce(&mut Shared) -> R) -> Option<R> {
        self.shared
            .with(|shared| (shared.tenant == pid && !shared.state.is_vacant()).then(|| f(shared)))
    }

    /// Calls `f` with the shared part of whoever is there.
    #[inline]
    pub(crate) fn with_shared<R>(&self, f: impl FnOnce(&mut Shared) -> R) -> R {
        self.shared.with(f)
    }

    /// Queues a signal for `pid`; gives it back if `pid` is not the tenant (P3).
    #[inline]
    pub(super) fn push(&'static self, pid: Pid, signal: Signal) -> Result<(), Signal> {
        let pushed = self.shared.with(move |shared| {
            if shared.tenant != pid || shared.state.is_vacant() {
                return Err(signal);
            }
            let is_message = matches!(signal, Signal::Message(_));
            shared.incoming.push(signal);
            // Relaxed: a hint. Whoever knows, by whatever order, that the signal was sent, sees it,
            // since a load cannot return what an earlier-ordered store has overwritten; the queue
            // itself is read under the lock.
            self.pending.store(true, Ordering::Relaxed);
            let act = if is_message { shared.state.message() } else { shared.state.control() };
            Ok((act, shared.schedule))
        });
        self.act(pushed?);
        Ok(())
    }

    /// A timer of the body of `pid` has run out.
    pub(crate) fn timer(&'static self, pid: Pid) {
        let done = self.with_tenant(pid, |shared| (shared.state.timer(), shared.schedule));
        if let Some(done) = done {
            self.act(done);
        }
    }

    /// Wakes the body of whoever is in the slot.
    #[inline]
    pub(super) fn wake(&'static self) {
        self.act(self.with_shared(|shared| (shared.state.wake(), shared.schedule)));
    }

    /// Does what a transition asks for.
    #[inline]
    pub(super) fn act(&'static self, (act, schedule): (Act, Option<&'static dyn Schedule>)) {
        if act == Act::Enqueue
            && let Some(schedule) = schedule
        {
            schedule.enqueue(self);
        }
    }

    /// Whether the outer queue may have something.
    #[inline]
    pub(crate) fn has_pending(&self) -> bool {
        // Relaxed: see `push`.
        self.pending.load(Ordering::Relaxed)
    }

    /// Receives the outer queue. Only in the process' turn.
    #[inline]
    pub(super) fn receive(&self, shared: &mut Shared, own: &mut Own) -> Option<Arrived> {
        // Relaxed: see `push`; this runs under the lock.
        self.pending.store(false, Ordering::Relaxed);
        shared.incoming.receive_into(&mut own.received)
    }

    /// The part of the process itself. Only in its turn (P1).
    #[inline]
    pub(super) fn own(&self) -> &RefCell<Own> {
        &self.own
    }

    /// The body. Only in the process' turn (P1).
    #[inline]
    pub(super) fn body(&self) -> &RefCell<Option<Body>> {
        &self.body
    }

    /// The slot is vacant now: no signal finds it (P3). Returns the signals not received.
    pub(super) fn close(&self) -> Arrived {
        self.shared.with(|shared| {
            shared.tenant = Table::next_tenant(shared.tenant);
            shared.state.vacate();
            shared.schedule = None;
            shared.has_names = false;
            shared.has_timers = false;
            // Relaxed: see `push`.
            self.pending.store(false, Ordering::Relaxed);
            shared.incoming.take()
        })
    }

    /// Names the tenant of a table that is used again. Only while nobody knows the slot.
    pub(super) fn set_next_tenant(&self, pid: Pid) {
        self.shared.with(|shared| shared.tenant = pid);
    }

    pub(super) fn next_tenant(&self) -> Pid {
        self.shared.with(|shared| shared.tenant)
    }
}

impl Shared {
    pub(crate) fn tenant(&self) -> Pid {
        self.tenant
    }

    /// What waits in the outer queue.
    #[inline]
    pub(super) fn waiting(&self) -> Waiting {
        if self.incoming.has_control() {
            Waiting::Control
        } else if self.incoming.is_empty() {
            Waiting::Nothing
        } else {
            Waiting::Messages
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("index", &self.index).finish_non_exhaustive()
    }
}

//! What a process consists of, and who may touch what.
//!
//! ```text
//!   Slot
//!   ├── node, key            the pid of the tenant: changed under the lock
//!   ├── shared  (lock)       anyone:   state, outer queue, where to enqueue
//!   │   └── hint             the outer queue may have something: read without the lock
//!   └── own                  its turn: what only the process itself uses, and its body
//! ```
//!
//! Slots live in the pages of a table, are never freed, and have many tenants one after the other.
//! The pid is that of the present one, or of the next one while the slot is vacant.
//!
//! - P1: `own` and the body in it are touched only by the thread that has the process' turn (T2),
//!   by the spawner before the process is queued for the first time, and by its end before the slot
//!   is given back. The lock that each of these passes through orders them.
//! - P2: a body that is not `Send` is given only to a scheduler that never leaves its thread, and
//!   `Schedule::enqueue` of that scheduler brings the process back to it.
//! - P3: a signal is queued only under the lock, and only if the tenant is the pid it was sent to.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::sync::atomic::AtomicU64;
use std::task::Context;

use super::body::{Birth, Body, Polled, Running};
use super::own::Own;
use super::schedule::{Scheduled, TimersAt};
use super::state::{Act, State};
use super::terminate::Seen;
use crate::mailbox::{Arrived, Incoming};
use crate::signal::Signal;
use crate::sync::Ordering;
#[cfg(not(kerosene_loom))]
use crate::sync::lock::{Guard, Lock};
#[cfg(kerosene_loom)]
use crate::sync::lock::{ModelGuard as Guard, ModelLock as Lock};
use crate::term::{ExitReason, Message, Pid};

/// One place for a process.
// What a sender touches and what a turn begins with lie in the first cache lines.
#[repr(C, align(64))]
pub(crate) struct Slot {
    node: AtomicU64,
    /// The key of the pid. Generation 0: the slot is retired.
    key: AtomicU64,
    shared: Lock<Shared>,
    own: RefCell<Own>,
}

// SAFETY: `shared` is a lock, the others but `own` are atomics. That is touched by one thread at a
// time (P1), in turns ordered by the lock; what is not `Send` stays on one thread (P2).
unsafe impl Sync for Slot {}

/// The part that anyone may touch, under the lock.
pub(crate) struct Shared {
    pub(crate) incoming: Incoming,
    pub(crate) schedule: Option<Scheduled>,
    pub(crate) state: State,
    /// It may have registered names.
    pub(crate) has_names: bool,
    /// Where it may be the destination of timers.
    pub(crate) timers_at: TimersAt,
    /// As in `Own`, from when it is queued for the first time.
    pub(crate) is_below: bool,
}

/// Room in the outer queue of a process, which is locked meanwhile: the value moves from where it
/// is made to where it is received from, without a stop.
pub(super) struct Place {
    slot: &'static Slot,
    shared: Guard<'static, Shared>,
}

impl Place {
    /// Puts the message in, and wakes the process if it waits for one.
    #[inline]
    pub(super) fn fill<T: Any + Send>(self, value: T) {
        self.put(Message::new(value));
    }

    /// The same, of a value that is in a message already.
    #[inline]
    pub(super) fn put(mut self, message: Message) {
        self.shared.incoming.push_into_room(message);
        let act = self.shared.state.message();
        self.slot.queued(self.shared, act);
    }
}

/// What a new process starts with.
pub(crate) struct Spawn {
    body: Body,
}

impl Spawn {
    /// A body whose output is a reason already.
    pub(crate) fn new<F>(birth: Birth, body: F) -> Self
    where
        F: Future<Output = ExitReason> + 'static,
    {
        Self { body: Body::new(birth, body) }
    }
}

impl Slot {
    pub(super) fn new(tenant: Pid) -> Self {
        let shared = Shared {
            state: State::default(),
            incoming: Incoming::default(),
            schedule: None,
            has_names: false,
            timers_at: TimersAt::NOWHERE,
            is_below: false,
        };
        Self {
            node: AtomicU64::new(tenant.node()),
            key: AtomicU64::new(tenant.key()),
            shared: Lock::new(shared),
            own: RefCell::new(Own::default()),
        }
    }

    /// The pid of the tenant, or of the next one. It changes under the lock, by the end of the
    /// tenant: who holds the lock, or has the turn, sees it stand still.
    #[inline]
    pub(crate) fn pid(&self) -> Pid {
        // Relaxed: the lock orders, or the thread itself has written it.
        let node = self.node.load(Ordering::Relaxed);
        Pid::of_key(node, self.key.load(Ordering::Relaxed))
    }

    /// Whether `pid`, which has led to this slot, is the tenant's. Only under the lock.
    #[inline]
    fn is_of(&self, pid: Pid, shared: &Shared) -> bool {
        self.pid() == pid && !shared.state.is_vacant()
    }

    pub(super) fn index(&self) -> u32 {
        self.pid().index()
    }

    /// A process moves in, and is furnished by its spawner (P1). Then the caller calls
    /// [`Self::start`].
    #[inline]
    pub(crate) fn move_in(&self, spawn: Spawn, furnish: impl FnOnce(Pid, &mut Own)) -> Pid {
        // No lock: who has taken the slot from the table is alone with it (B2 of `table`).
        let pid = self.pid();
        let own = &mut *self.own.borrow_mut();
        own.move_in(spawn.body);
        furnish(pid, own);
        pid
    }

    /// Starts the new process, which the caller puts into a run queue of `schedule` then (T1).
    #[inline]
    pub(crate) fn start(&'static self, schedule: Scheduled) {
        let is_below = self.own.borrow().is_below;
        self.shared.with(|shared| {
            shared.schedule = Some(schedule);
            shared.is_below = is_below;
            shared.state.start();
        });
    }

    /// Calls `f` with the shared part, if the tenant is `pid` and has not ended.
    #[inline]
    pub(crate) fn with_tenant<R>(&self, pid: Pid, f: impl FnOnce(&mut Shared) -> R) -> Option<R> {
        self.shared.with(|shared| self.is_of(pid, shared).then(|| f(shared)))
    }

    /// The shared part of whoever is there, locked.
    #[inline]
    pub(super) fn lock(&self) -> Guard<'_, Shared> {
        self.shared.lock()
    }

    /// Calls `f` with the shared part of whoever is there.
    #[inline]
    pub(crate) fn with_shared<R>(&self, f: impl FnOnce(&mut Shared) -> R) -> R {
        self.shared.with(f)
    }

    /// Queues a signal for `pid`; gives it back if `pid` is not the tenant (P3).
    #[inline]
    pub(super) fn push(&'static self, pid: Pid, signal: Signal) -> Result<(), Signal> {
        let mut shared = self.shared.lock();
        if !self.is_of(pid, &shared) {
            return Err(signal);
        }
        let act = match signal {
            Signal::Message(_) => shared.state.message(),
            Signal::Control(_) => shared.state.control(),
        };
        shared.incoming.push(signal);
        self.queued(shared, act);
        Ok(())
    }

    /// A place for a message to `pid` in the outer queue. `None`: `pid` is not the tenant (P3).
    pub(super) fn place(&'static self, pid: Pid) -> Option<Place> {
        let mut shared = self.shared.lock();
        if !self.is_of(pid, &shared) {
            return None;
        }
        shared.incoming.make_room();
        Some(Place { slot: self, shared })
    }

    /// The same, or `None` if it takes waiting, memory, or a look at why there is none.
    #[inline]
    pub(super) fn place_at_once(&'static self, pid: Pid) -> Option<Place> {
        let shared = self.shared.lock_at_once()?;
        let there_is = self.is_of(pid, &shared) && shared.incoming.has_room();
        there_is.then_some(Place { slot: self, shared })
    }

    /// A signal is in the outer queue: lets go of the lock, and does what that asks for.
    #[inline]
    fn queued(&'static self, shared: Guard<'static, Shared>, act: Act) {
        self.shared.set_hint(true);
        let schedule = shared.schedule;
        drop(shared);
        self.act((act, schedule));
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
    pub(super) fn act(&'static self, (act, schedule): (Act, Option<Scheduled>)) {
        if act == Act::Enqueue
            && let Some(schedule) = schedule
        {
            schedule.enqueue(self);
        }
    }

    /// Whether the outer queue may have something.
    #[inline]
    pub(crate) fn has_pending(&self) -> bool {
        self.shared.hint()
    }

    /// Receives the outer queue, if that can be done at once. Only in the process' turn.
    #[inline]
    #[must_use]
    pub(super) fn receive(&self, shared: &mut Shared, own: &mut Own) -> bool {
        !shared.state.has_control() && self.receive_messages(shared, own)
    }

    /// The same, of a queue of messages.
    #[inline]
    pub(super) fn receive_messages(&self, shared: &mut Shared, own: &mut Own) -> bool {
        let received = shared.incoming.receive_into(&mut own.received);
        if received {
            self.shared.set_hint(false);
        }
        received
    }

    /// Takes the outer queue, to go through it signal by signal.
    pub(super) fn take(&self, shared: &mut Shared) -> Arrived {
        self.shared.set_hint(false);
        shared.take()
    }

    /// The part of the process itself. Only in its turn (P1).
    #[inline]
    pub(super) fn own(&self) -> &RefCell<Own> {
        &self.own
    }

    /// Polls the body. Only in the process' turn (P1).
    #[inline]
    #[expect(clippy::unused_self, reason = "says whose turn it is")]
    pub(super) fn poll_body(&self, body: &Running, cx: &mut Context<'_>) -> Polled {
        // SAFETY: this thread has the turn (P1), and the body stays where it is until the process
        // ends, which it does after this.
        unsafe { body.poll(cx) }
    }

    /// Drops the body's future; what the slot knows of its birth stays. Only in the process' turn
    /// (P1).
    pub(super) fn drop_body(&self) {
        let future = self.own.borrow().future();
        // SAFETY: as in `poll_body`.
        unsafe { future.drop_future() };
    }

    /// The slot is vacant now: no signal finds it (P3). Returns the signals not received.
    pub(super) fn close(&self) -> Arrived {
        let received = &mut self.own.borrow_mut().received;
        self.shared.with(|shared| {
            // Relaxed: see `pid`.
            let (pid, retired) = (self.pid(), Pid::new(0, self.pid().index(), 0));
            self.key.store(pid.next_generation().unwrap_or(retired).key(), Ordering::Relaxed);
            let has_control = shared.state.take_control();
            let arrived = Arrived { queue: shared.incoming.close(received), has_control };
            shared.state.vacate();
            shared.schedule = None;
            shared.has_names = false;
            shared.timers_at = TimersAt::NOWHERE;
            shared.is_below = false;
            self.shared.set_hint(false);
            arrived
        })
    }

    /// Gives up the buffer that the tenant before has left. Only while the slot is vacant.
    pub(super) fn free_buffer(&self) {
        let buffer = self.shared.with(|shared| shared.incoming.take());
        drop(buffer);
    }

    /// Names the tenant of a table that is used again. Only while nobody knows the slot.
    pub(super) fn set_next_tenant(&self, pid: Pid) {
        self.shared.with(|_| {
            // Relaxed: see `pid`.
            self.node.store(pid.node(), Ordering::Relaxed);
            self.key.store(pid.key(), Ordering::Relaxed);
        });
    }

    /// Whether all its generations are used up.
    pub(super) fn is_retired(&self) -> bool {
        self.pid().generation() == 0
    }
}

impl Shared {
    /// The process stops, and no name and no timer can be given to it any more.
    pub(super) fn begin_to_end(&mut self) -> Seen {
        self.state.ending();
        Seen { has_names: self.has_names, timers_at: self.timers_at }
    }

    /// Takes the outer queue.
    fn take(&mut self) -> Arrived {
        Arrived { queue: self.incoming.take(), has_control: self.state.take_control() }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("pid", &self.pid()).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(kerosene_loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_two_cache_lines() {
        assert_eq!(size_of::<Slot>(), 128);
    }
}

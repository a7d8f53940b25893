//! The timers that were started on one scheduler, under a lock of their own.
//!
//! The scheduler takes it to start and cancel, and the sleeper when it looks what is due; others
//! only when they cancel what was started here, or end what it is aimed at.

use std::time::Duration;

use tokio::time::Instant;

use super::payload::{Due, Form, Interval};
use super::pool::NONE;
use super::sleeper::Sleeper;
use super::state::{Removed, State, pid_of};
use super::wheel::Key;
use crate::process::{TimerKey, slot_of};
use crate::sync::lock::Lock;
use crate::term::{Dest, Message, Pid, Reference, Timer, node, quietly};

/// Some of the timers of a runtime.
pub(crate) struct Shard {
    /// Under which handles name it.
    number: u32,
    sleeper: &'static Sleeper,
    state: Lock<State>,
}

impl Shard {
    pub(super) fn new(number: u32, sleeper: &'static Sleeper) -> Self {
        let state = State::new(number, Instant::now(), node::HERE);
        Self { number, sleeper, state: Lock::new(state) }
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Forgets everything. From here on time is counted from `epoch`, by processes of `node`.
    pub(super) fn reset(&self, epoch: Instant, node: u64) {
        let empty = State::new(self.number, epoch, node);
        let old = self.state.with(|state| std::mem::replace(state, empty));
        // Outside the lock (E4). A message holds the panic of its value back by itself.
        old.into_rare().for_each(|rare| quietly(|| drop(rare)));
    }

    pub(super) fn epoch(&self) -> Instant {
        self.state.with(|state| state.epoch)
    }

    /// Starts a timer that sends a message. A recipient that has ended gets none.
    #[inline]
    pub(crate) fn send(
        &self,
        deadline: Instant,
        dest: Dest<'_>,
        form: Form,
        message: Message,
    ) -> Timer {
        let mut message = Some(message);
        self.start(deadline, dest, |state, deadline, reference| {
            state.send(deadline, reference, dest, (form, &mut message))
        })
    }

    /// Starts a timer that sends again and again.
    pub(crate) fn send_each(&self, deadline: Instant, dest: Dest<'_>, interval: Interval) -> Timer {
        let mut interval = Some(interval);
        self.start(deadline, dest, |state, deadline, reference| {
            state.send_each(deadline, reference, dest, interval.take())
        })
    }

    /// What `add` borrows and does not take is dropped by the caller, outside the lock (E4).
    #[inline]
    fn start(
        &self,
        deadline: Instant,
        dest: Dest<'_>,
        add: impl FnOnce(&mut State, u64, Reference) -> u32,
    ) -> Timer {
        let reference = Reference::fresh();
        let (index, deadline) = self.state.with(|state| {
            if pid_of(dest).is_none_or(|pid| is_there(pid, self.number)) {
                let deadline = state.nanos(deadline);
                (add(state, deadline, reference), deadline)
            } else {
                (NONE, u64::MAX)
            }
        });
        self.sleeper.expect(deadline);
        Timer { reference, shard: self.number, index }
    }

    /// Starts a timer that wakes a process.
    #[inline]
    pub(crate) fn wake_at(&self, deadline: Instant, pid: Pid) -> TimerKey {
        let number = node::next_reference();
        let (index, nanos) = self.state.with(|state| {
            let nanos = state.nanos(deadline);
            (state.wake(nanos, number, pid), nanos)
        });
        self.sleeper.expect(nanos);
        TimerKey { deadline, number, shard: self.number, index }
    }

    pub(super) fn forget(&self, key: TimerKey) {
        self.state.with(|state| state.forget(key.index, key.number));
    }

    #[inline]
    pub(super) fn cancel(&self, timer: Timer) -> Option<Duration> {
        let now = Instant::now();
        let (left, _dropped_here) = self.state.with(|state| {
            let left = state.deadline(timer)?.saturating_sub(state.nanos(now));
            Some((left, state.remove(timer.index)))
        })?;
        Some(Duration::from_nanos(left))
    }

    pub(super) fn remaining(&self, timer: Timer) -> Option<Duration> {
        let now = Instant::now();
        let left =
            |state: &mut State| Some(state.deadline(timer)?.saturating_sub(state.nanos(now)));
        self.state.with(left).map(Duration::from_nanos)
    }

    /// Calls `f` under the lock if the timer is there.
    pub(super) fn while_there<R>(&self, timer: Timer, f: impl FnOnce() -> R) -> Option<R> {
        self.state.with(|state| state.deadline(timer).map(|_| f()))
    }

    /// Takes out timers aimed at a process, until there are `max` in `removed`.
    pub(super) fn take_of(&self, pid: Pid, max: usize, removed: &mut Vec<Removed>) {
        self.state.with(|state| state.take_of(pid, max, removed));
    }

    /// When to look again, at the latest, with the first deadline in mind.
    pub(super) fn next(&self, now: Instant) -> Option<u64> {
        self.state.with(|state| state.wheel.next(state.nanos(now)))
    }

    /// The first timer, if it is due.
    pub(super) fn first_due(&self, now: Instant) -> Option<Key> {
        self.state.with(|state| state.wheel.first_due(state.nanos(now)))
    }

    /// Takes out what is due and not after `until`, until there are `max` in `due`; then says which
    /// timer is the first, if it is due.
    pub(super) fn take_due(
        &self,
        now: Instant,
        until: Key,
        max: usize,
        due: &mut Vec<Due>,
    ) -> Option<Key> {
        self.state.with(|state| {
            let now = state.nanos(now);
            while due.len() < max
                && let Some(key) = state.wheel.pop_due(now, until)
            {
                due.push(state.fire(key, now));
            }
            state.wheel.first_due(now)
        })
    }
}

/// Whether a timer may be aimed at the process; says so to the process (E2).
#[inline]
fn is_there(pid: Pid, shard: u32) -> bool {
    let there = slot_of(pid).and_then(|slot| {
        slot.with_tenant(pid, |shared| {
            let is_live = shared.state.is_live();
            if is_live {
                shared.timers_at.add(shard);
            }
            is_live
        })
    });
    there == Some(true)
}

//! What others may see and take of one scheduler.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crossbeam_deque::Stealer;
use crossbeam_utils::CachePadded;

use super::decoy;
use crate::process::{AtomicSlot, Slot};

/// The visible part of one scheduler.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its run queue, but for `next`.
    pub(super) stealer: Stealer<&'static Slot>,
    /// The process woken last, to run next while its data is in the cache. Others leave it alone;
    /// only the watchdog takes it, from a scheduler that is stuck in one long poll. If that one is
    /// not stuck after all, both may have it: then one of two entries is stale.
    pub(super) next: AtomicSlot,
    /// The process that is being polled.
    pub(super) running: AtomicSlot,
    /// Turns of processes begun, to tell one poll from another.
    pub(super) turns: Counter,
    pub(super) spawned: Counter,
    pub(super) ended: Counter,
    /// How to wake the scheduler's tokio task.
    waker: Mutex<Option<Waker>>,
}

/// Those of all schedulers of a runtime.
pub(super) type Lanes = Arc<[Arc<Lane>]>;

/// A number written by one thread at a time and read by others.
#[derive(Debug, Default)]
pub(super) struct Counter(CachePadded<AtomicU64>);

impl Counter {
    /// Adds one. Only by the scheduler it belongs to.
    #[inline]
    pub(super) fn increment(&self) {
        // Relaxed load: there is one writer. Release pairs with the acquire in `get`: who sees that
        // a process has ended also sees that it was spawned.
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
    }

    pub(super) fn get(&self) -> u64 {
        // Acquire pairs with the release in `increment`.
        self.0.load(Ordering::Acquire)
    }
}

impl Lane {
    pub(super) fn new(stealer: Stealer<&'static Slot>) -> Self {
        Self {
            stealer,
            next: AtomicSlot::default(),
            running: AtomicSlot::default(),
            turns: Counter::default(),
            spawned: Counter::default(),
            ended: Counter::default(),
            waker: Mutex::default(),
        }
    }

    /// Remembers how to wake the scheduler's tokio task.
    pub(super) fn set_waker(&self, new: &Waker) {
        match &mut *self.waker() {
            Some(old) => old.clone_from(new),
            none => *none = Some(new.clone()),
        }
    }

    /// Wakes the scheduler's tokio task, wherever it is to run.
    pub(super) fn wake(&self) {
        let waker = self.waker().clone();
        if let Some(waker) = waker {
            waker.wake();
            decoy::push_out();
        }
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

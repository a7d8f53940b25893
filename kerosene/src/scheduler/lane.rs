//! What others may see and take of one scheduler.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

use crossbeam_deque::Stealer;
use crossbeam_utils::CachePadded;

use crate::process::{AtomicSlot, Slot};

/// The visible part of one scheduler.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its run queue, but for `next`.
    pub(super) stealer: Stealer<&'static Slot>,
    /// The process woken last, to run next while its data is in the cache. Others leave it alone;
    /// only the watchdog takes it, from a scheduler that is stuck in one long poll.
    pub(super) next: AtomicSlot,
    /// The process that is being polled.
    pub(super) running: AtomicSlot,
    /// Turns of processes begun, to tell one poll from another.
    pub(super) turns: Counter,
    pub(super) spawned: Counter,
    pub(super) ended: Counter,
    waker: Mutex<Option<Waker>>,
    decoy: Mutex<Option<Waker>>,
}

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
            waker: Mutex::new(None),
            decoy: Mutex::new(None),
        }
    }

    /// Remembers how to wake the scheduler's tokio task.
    pub(super) fn set_waker(&self, new: &Waker) {
        set(&self.waker, new);
    }

    /// Wakes the scheduler's tokio task, and its decoy.
    ///
    /// A task that is woken by another one lies in a slot of tokio's worker from which nobody can
    /// steal it: it would start when the turn of who woke it is over. Waking the decoy next pushes
    /// it out of that slot into the queue, and makes tokio wake a thread for it.
    pub(super) fn wake(&self) {
        wake(&self.waker);
        wake(&self.decoy);
    }

    /// The decoy: a task that does nothing, for ever.
    pub(super) async fn decoy(&self) {
        poll_fn(|cx| {
            set(&self.decoy, cx.waker());
            Poll::<()>::Pending
        })
        .await;
    }
}

fn set(place: &Mutex<Option<Waker>>, new: &Waker) {
    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut *place {
        Some(old) => old.clone_from(new),
        None => *place = Some(new.clone()),
    }
}

fn wake(place: &Mutex<Option<Waker>>) {
    let waker = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(waker) = waker {
        waker.wake();
    }
}

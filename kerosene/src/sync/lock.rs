//! The lock of a process, and of the timers of a scheduler: held for a few instructions, by anyone
//! who sends to the process, or starts a timer.
//!
//! A spin lock of one byte, because the critical sections are a handful of instructions long and
//! a process should be small; taking it is one exchange, and letting it go is a store. What makes
//! spinning safe where the holder was preempted: after a few rounds of exponential back-off the
//! waiter gives its time slice away, and after some more it sleeps, so that a holder of any
//! priority gets to run (rayon's and crossbeam's `Backoff` do the first two steps).
//!
//! Beside the value there is a hint, a flag that means what its owner says and that may be read
//! without the lock. It is written under the lock only. Whoever knows, by whatever order, that it
//! was written sees that, since a load cannot return what an earlier-ordered store has overwritten;
//! what it is a hint of is read under the lock.
//!
//! - K1: `value` is accessed only between an exchange of `locked` from false to true and the store
//!   of false that follows it, by the thread that did the exchange.
//! - K2: no user code runs while one is held. No other is taken but that of a process under that of
//!   timers.

#[cfg(not(kerosene_loom))]
use std::ops::{Deref, DerefMut};

use crate::sync::{AtomicBool, Ordering, UnsafeCell};

/// A value behind the lock.
#[derive(Debug)]
pub(crate) struct Lock<T> {
    locked: AtomicBool,
    hint: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: by K1 the value is accessed by one thread at a time, and each hands it over to the next
// through a release store and an acquire exchange of `locked`; so `T: Send` suffices.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Self {
        let (locked, hint) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { locked, hint, value: UnsafeCell::new(value) }
    }

    #[inline]
    pub(crate) fn hint(&self) -> bool {
        // Relaxed: a hint.
        self.hint.load(Ordering::Relaxed)
    }

    /// Only under the lock.
    #[inline]
    pub(crate) fn set_hint(&self, hint: bool) {
        // Relaxed: a hint.
        self.hint.store(hint, Ordering::Relaxed);
    }

    /// Calls `f` with the value, alone.
    #[inline]
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        if !self.try_lock() {
            self.wait();
        }
        let _unlock = Unlock(&self.locked);
        // SAFETY: the lock is ours (K1) until `_unlock` is dropped, after `f`.
        self.value.with_mut(|value| f(unsafe { &mut *value }))
    }

    #[inline]
    fn try_lock(&self) -> bool {
        // Acquire pairs with the release store in `Unlock::drop`; a failure tells nothing.
        self.locked.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    #[cold]
    fn wait(&self) {
        let mut backoff = Backoff::default();
        loop {
            backoff.snooze();
            // Relaxed: only a hint that the lock may be free.
            if !self.locked.load(Ordering::Relaxed) && self.try_lock() {
                return;
            }
        }
    }
}

#[cfg(not(kerosene_loom))]
impl<T> Lock<T> {
    /// Takes the lock until the guard is dropped.
    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        if !self.try_lock() {
            self.wait();
        }
        Guard(self)
    }

    /// The same, if nobody has it.
    #[inline]
    pub(crate) fn lock_at_once(&self) -> Option<Guard<'_, T>> {
        self.try_lock().then(|| Guard(self))
    }
}

/// The lock, taken.
#[cfg(not(kerosene_loom))]
pub(crate) struct Guard<'a, T>(&'a Lock<T>);

#[cfg(not(kerosene_loom))]
impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is ours (K1) until the guard is dropped.
        unsafe { &*self.0.value.get() }
    }
}

#[cfg(not(kerosene_loom))]
impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and the guard is borrowed exclusively.
        unsafe { &mut *self.0.value.get() }
    }
}

#[cfg(not(kerosene_loom))]
impl<T> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        drop(Unlock(&self.0.locked));
    }
}

/// What the models of a whole process have in its place: loom's own lock. Where two threads spin
/// for a third, loom also explores that they keep giving way to each other for ever; the spinning
/// has a model of its own, with two threads.
#[cfg(kerosene_loom)]
#[derive(Debug)]
pub(crate) struct ModelLock<T>(loom::sync::Mutex<T>, AtomicBool);

#[cfg(kerosene_loom)]
pub(crate) type ModelGuard<'a, T> = loom::sync::MutexGuard<'a, T>;

#[cfg(kerosene_loom)]
impl<T> ModelLock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(loom::sync::Mutex::new(value), AtomicBool::new(false))
    }

    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }

    pub(crate) fn hint(&self) -> bool {
        self.1.load(Ordering::Relaxed)
    }

    pub(crate) fn set_hint(&self, hint: bool) {
        self.1.store(hint, Ordering::Relaxed);
    }

    pub(crate) fn lock(&self) -> ModelGuard<'_, T> {
        self.0.lock().expect("no model panics with the lock")
    }

    pub(crate) fn lock_at_once(&self) -> Option<ModelGuard<'_, T>> {
        self.0.try_lock().ok()
    }
}

/// Unlocks, also when the critical section panics.
struct Unlock<'a>(&'a AtomicBool);

impl Drop for Unlock<'_> {
    #[inline]
    fn drop(&mut self) {
        // Release pairs with the acquire exchange in `try_lock`.
        self.0.store(false, Ordering::Release);
    }
}

#[derive(Default)]
struct Backoff {
    round: u32,
}

impl Backoff {
    /// Up to this round: spin, twice as long each time.
    #[cfg(not(kerosene_loom))]
    const SPIN_ROUNDS: u32 = 7;
    /// Up to this round: let another thread have the core. From then on: sleep.
    #[cfg(not(kerosene_loom))]
    const YIELD_ROUNDS: u32 = 200;

    #[cfg(not(kerosene_loom))]
    fn snooze(&mut self) {
        if self.round < Self::SPIN_ROUNDS {
            for _ in 0..1_u32 << self.round {
                std::hint::spin_loop();
            }
        } else if self.round < Self::YIELD_ROUNDS {
            std::thread::yield_now();
        } else {
            // tidy-allow(thread::sleep): the holder, of whatever priority, needs the core
            std::thread::sleep(std::time::Duration::from_micros(50));
        }
        self.round += 1;
    }

    #[cfg(kerosene_loom)]
    fn snooze(&mut self) {
        self.round += 1;
        loom::thread::yield_now();
    }
}

#[cfg(all(test, not(kerosene_loom)))]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn many_more_threads_than_cores_lose_no_increment() {
        const THREADS: usize = 32;
        const ROUNDS: usize = 2_000;
        let lock = Arc::new(Lock::new(0_usize));
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let lock = Arc::clone(&lock);
                std::thread::spawn(move || (0..ROUNDS).for_each(|_| lock.with(|n| *n += 1)))
            })
            .collect();
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        assert_eq!(lock.with(|n| *n), THREADS * ROUNDS);
    }

    #[test]
    fn a_holder_that_is_preempted_delays_but_does_not_block() {
        let lock = Arc::new(Lock::new(()));
        let (held, is_held) = std::sync::mpsc::channel();
        let holder = {
            let lock = Arc::clone(&lock);
            std::thread::spawn(move || {
                lock.with(|()| {
                    held.send(()).expect("the test waits");
                    // tidy-allow(thread::sleep): stands for a holder that was preempted
                    std::thread::sleep(std::time::Duration::from_millis(20));
                });
            })
        };
        is_held.recv().expect("the holder runs");
        lock.with(|()| ());
        holder.join().expect("the holder ends");
    }

    #[test]
    fn a_panic_inside_unlocks() {
        let lock = Lock::new(0);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            lock.with(|_| panic!("inside"));
        }));
        assert!(panicked.is_err());
        lock.with(|n| *n += 1);
    }
}

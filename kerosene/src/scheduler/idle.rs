//! How schedulers go to sleep, and how work wakes one.
//!
//! Waking a sleeping thread costs more than most work, so a scheduler with work wakes at most one
//! other, and none while one is already looking for work. The danger is the opposite: work is
//! queued, everybody sleeps.
//!
//! A scheduler that queues work that others may take:
//! 1. queues it;  2. fence;  3. reads `searching` and `sleeping`: if nobody searches and somebody
//!    sleeps, takes a sleeper off the list, counts it as searching, and wakes it.
//!
//! A scheduler without work:
//! 1. puts itself on the list (`sleeping` grows, `searching` shrinks if it was searching);
//! 2. fence;
//! 3. looks at all queues once more: if there is work, takes itself off the list and goes on.
//!
//! The two fences are totally ordered. If the first comes first, the sleeper's second look finds
//! the work. If the second comes first, the other sees a sleeper, and wakes it unless somebody is
//! searching; a searcher that finds work leaves `searching`, looks at the queues behind a fence and
//! passes the search on if there is more ([`Idle::stop_searching`]); one that finds none takes its
//! second look, after having left `searching`. So the work is found (I1).
//!
//! The idea of counted searchers is that of Go's scheduler and tokio's.

use crate::sync::{AtomicUsize, Mutex, Ordering, fence};

/// Who sleeps, and how many search.
#[derive(Debug)]
pub(crate) struct Idle {
    sleepers: Mutex<Vec<usize>>,
    /// The length of `sleepers`, to be read without the lock.
    sleeping: AtomicUsize,
    searching: AtomicUsize,
}

impl Idle {
    pub(crate) fn new() -> Self {
        Self {
            sleepers: Mutex::new(Vec::new()),
            sleeping: AtomicUsize::new(0),
            searching: AtomicUsize::new(0),
        }
    }

    /// Forgets everything, when a new set of schedulers begins.
    pub(crate) fn reset(&self) {
        let mut sleepers = self.lock();
        sleepers.clear();
        // Relaxed: as in `take_sleeper`; the new schedulers are started after this.
        self.sleeping.store(0, Ordering::Relaxed);
        self.searching.store(0, Ordering::Relaxed);
    }

    /// Work has been queued. Returns the scheduler to wake, already counted as searching.
    #[inline]
    #[must_use]
    pub(crate) fn work_queued(&self) -> Option<usize> {
        // The fence pairs with that in `sleep`: acquire and release would let this load pass the
        // store of the work, and the sleeper's second look pass its own entry in the list.
        fence(Ordering::SeqCst);
        // Relaxed: ordered by the fence.
        if self.sleeping.load(Ordering::Relaxed) == 0 || self.searching.load(Ordering::Relaxed) > 0
        {
            return None;
        }
        self.take_sleeper()
    }

    /// Takes a sleeper off the list whoever else is searching.
    #[cold]
    pub(crate) fn take_sleeper(&self) -> Option<usize> {
        let mut sleepers = self.lock();
        let sleeper = sleepers.pop()?;
        // Relaxed: the two counters are changed under the lock, and read after a fence.
        self.sleeping.fetch_sub(1, Ordering::Relaxed);
        self.searching.fetch_add(1, Ordering::Relaxed);
        Some(sleeper)
    }

    /// A scheduler without work goes to sleep. It must look at all queues once more afterwards.
    pub(crate) fn sleep(&self, id: usize, was_searching: bool) {
        let mut sleepers = self.lock();
        sleepers.push(id);
        // Relaxed: the fence below orders them before the second look.
        self.sleeping.fetch_add(1, Ordering::Relaxed);
        if was_searching {
            self.searching.fetch_sub(1, Ordering::Relaxed);
        }
        drop(sleepers);
        // The fence pairs with that in `work_queued`.
        fence(Ordering::SeqCst);
    }

    /// A scheduler goes on without having been woken. Returns whether it was woken after all, and
    /// so counts as searching.
    #[must_use]
    pub(crate) fn rise(&self, id: usize) -> bool {
        let mut sleepers = self.lock();
        let Some(position) = sleepers.iter().position(|sleeper| *sleeper == id) else {
            return true;
        };
        sleepers.swap_remove(position);
        // Relaxed: as in `take_sleeper`.
        self.sleeping.fetch_sub(1, Ordering::Relaxed);
        false
    }

    /// A searching scheduler has found work. Returns another one to wake if it was the last that
    /// searched and `is_more`, which is asked then: whether there is work left in the queues.
    #[must_use]
    pub(crate) fn stop_searching(&self, is_more: impl FnOnce() -> bool) -> Option<usize> {
        // Relaxed: as in `take_sleeper`.
        let was_last = self.searching.fetch_sub(1, Ordering::Relaxed) == 1;
        // The fence pairs with that in `work_queued`, as the one in `sleep` does: who queues work
        // sees that nobody searches, or the work is seen here.
        fence(Ordering::SeqCst);
        if was_last && is_more() { self.work_queued() } else { None }
    }

    /// Whether some scheduler sleeps. A hint.
    pub(crate) fn anyone_sleeps(&self) -> bool {
        // Relaxed: a hint.
        self.sleeping.load(Ordering::Relaxed) > 0
    }

    /// Takes everybody off the list, to be woken.
    pub(crate) fn take_all(&self) -> Vec<usize> {
        std::iter::from_fn(|| self.take_sleeper()).collect()
    }

    #[cfg(not(kerosene_loom))]
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<usize>> {
        self.sleepers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    #[cfg(kerosene_loom)]
    fn lock(&self) -> loom::sync::MutexGuard<'_, Vec<usize>> {
        self.sleepers.lock().expect("no model panics while it holds the lock")
    }
}

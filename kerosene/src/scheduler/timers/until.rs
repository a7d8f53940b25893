//! Until when the sleeper sleeps, as those know who start timers.
//!
//! It is one word. The sleeper says "for ever", looks at all shards, each under its lock, and then
//! lowers the word to the first deadline that it saw. Who has started a timer, and let go of the
//! lock, reads the word; if the timer is due before that, it lowers the word and wakes the sleeper.
//!
//! - L1: a timer that was started is seen by a look that follows, or whoever started it, or
//!   somebody whose timer is due before, wakes the sleeper.
//!
//! For if a look does not see the timer, it had the lock of the shard before. Its "for ever" came
//! before that, so who started the timer reads that, or what came later: a deadline that the
//! sleeper knows of, or that of somebody who wakes it. The locks order all this; the accesses of
//! the word itself publish nothing, and are all relaxed.

use crossbeam_utils::CachePadded;

use crate::sync::{AtomicU64, Ordering};

/// Asleep until woken.
pub(super) const FOR_EVER: u64 = u64::MAX;

/// In nanoseconds since the epoch.
#[derive(Debug)]
pub(super) struct Until(CachePadded<AtomicU64>);

impl Until {
    pub(super) fn new() -> Self {
        Self(CachePadded::new(AtomicU64::new(FOR_EVER)))
    }

    /// A timer has been started, and its shard let go of: whether the sleeper is to be woken. Of
    /// those who come at the same time, one wakes it for all who are due later.
    #[inline]
    #[must_use]
    pub(super) fn is_too_late_for(&self, deadline: u64) -> bool {
        // Relaxed: see the file's head.
        deadline < self.0.load(Ordering::Relaxed) && self.lower(deadline)
    }

    /// The sleeper is about to look.
    pub(super) fn set_for_ever(&self) {
        // Relaxed: see the file's head.
        self.0.store(FOR_EVER, Ordering::Relaxed);
    }

    /// Whether the word was higher.
    #[cold]
    pub(super) fn lower(&self, deadline: u64) -> bool {
        // Relaxed: see the file's head.
        self.0.fetch_min(deadline, Ordering::Relaxed) > deadline
    }
}

#[cfg(all(test, kerosene_loom))]
mod loom_tests {
    //! Timers are started in two shards while the sleeper goes to sleep. Its sleep has no end but
    //! being woken; if it slept until a later deadline than the first, it would be for ever, and
    //! loom reports that.

    use loom::sync::{Arc, Mutex, Notify};
    use loom::thread;

    use super::*;

    struct Model {
        until: Until,
        woken: Notify,
        shards: [Mutex<u64>; 2],
    }

    impl Model {
        fn start(&self, shard: usize, deadline: u64) {
            let mut first = self.shards[shard].lock().expect("nobody panics");
            *first = (*first).min(deadline);
            drop(first);
            if self.until.is_too_late_for(deadline) {
                self.woken.notify();
            }
        }

        fn look(&self) -> u64 {
            self.until.set_for_ever();
            let first = |shard: &Mutex<u64>| *shard.lock().expect("nobody panics");
            let first = self.shards.iter().map(first).min().unwrap_or(FOR_EVER);
            self.until.lower(first);
            first
        }
    }

    fn sleeper_learns_the_first_of(starts: [&'static [(usize, u64)]; 2]) {
        loom::model(move || {
            let model = Arc::new(Model {
                until: Until::new(),
                woken: Notify::new(),
                shards: [Mutex::new(FOR_EVER), Mutex::new(FOR_EVER)],
            });
            let threads = starts.map(|starts| {
                let model = Arc::clone(&model);
                thread::spawn(move || {
                    starts.iter().for_each(|(shard, deadline)| model.start(*shard, *deadline));
                })
            });
            let first = starts.iter().flat_map(|starts| starts.iter()).map(|start| start.1).min();
            while Some(model.look()) != first {
                model.woken.wait();
            }
            threads.into_iter().for_each(|thread| thread.join().expect("nobody panics"));
        });
    }

    #[test]
    fn the_first_of_two_shards_is_not_missed() {
        sleeper_learns_the_first_of([&[(0, 5)], &[(1, 3)]]);
    }

    #[test]
    fn the_first_of_one_shard_is_not_missed() {
        sleeper_learns_the_first_of([&[(0, 5)], &[(0, 3)]]);
    }

    #[test]
    fn a_timer_that_becomes_the_first_is_not_missed() {
        sleeper_learns_the_first_of([&[(0, 5), (1, 2)], &[(1, 3)]]);
    }
}

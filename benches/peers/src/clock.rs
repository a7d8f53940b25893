//! The clock: started by the driver, stopped by the last of the events it was made for.
//!
//! It also lets the driver wait for some of the events, so that it can start the next batch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// A share in a clock, as small as it can be: each of a million idle actors holds one.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    left: AtomicU64,
    batch: u64,
    batch_is_done: Notify,
    times: Mutex<Times>,
    has_stopped: Condvar,
}

#[derive(Debug, Default)]
struct Times {
    start: Option<Instant>,
    took: Option<Duration>,
}

impl Clock {
    /// Stops after so many events; so many make a batch.
    pub fn new(events: u64, batch: u64) -> Self {
        Self(Arc::new(Shared {
            left: AtomicU64::new(events),
            batch,
            batch_is_done: Notify::new(),
            times: Mutex::default(),
            has_stopped: Condvar::new(),
        }))
    }

    /// Starts it, or starts it anew.
    pub fn start(&self) {
        self.times().start = Some(Instant::now());
    }

    /// One event has come.
    ///
    /// # Panics
    ///
    /// If it is the last and the clock has not been started.
    pub fn hit(&self) {
        // `AcqRel` pairs with itself in the other hits: the last happens after all of them.
        let left = self.0.left.fetch_sub(1, Ordering::AcqRel) - 1;
        if left.is_multiple_of(self.0.batch) {
            self.0.batch_is_done.notify_one();
        }
        if left == 0 {
            let mut times = self.times();
            times.took = Some(times.start.expect("the clock was started").elapsed());
            self.0.has_stopped.notify_one();
        }
    }

    /// Waits for the end of a batch, in the driver.
    pub async fn batch(&self) {
        self.0.batch_is_done.notified().await;
    }

    /// Blocks the thread until the last event, and says how long it took.
    pub fn wait(&self) -> Duration {
        let mut times = self.times();
        loop {
            match times.took {
                Some(took) => return took,
                None => {
                    times = self.0.has_stopped.wait(times).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    fn times(&self) -> std::sync::MutexGuard<'_, Times> {
        self.0.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the sum of a tree, checks it, and stops the clock.
#[derive(Clone, Debug)]
pub struct Total {
    /// Stopped by the sum.
    pub clock: Clock,
    /// How many numbers the tree adds, from 0 on.
    pub leaves: u64,
}

impl Total {
    /// The sum has come.
    ///
    /// # Panics
    ///
    /// If it is wrong.
    pub fn is(&self, sum: u64) {
        assert_eq!(sum, self.leaves * (self.leaves - 1) / 2, "the sum of the tree");
        self.clock.hit();
    }
}

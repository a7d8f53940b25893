//! How many events wait for a subscriber, and how many it has missed.
//!
//! ```text
//!                 full                          half of it taken
//!   open ──────────────────► lagging, missed ──────────────────► open
//!    │  take: a Place           take: None, missed + 1    (Lagged is sent)
//! ```
//!
//! - W1: at most `capacity` places are taken. A place is free again when it is dropped, which is
//!   when the subscriber takes its event apart, or drops it, or ends.
//! - W2: what is missed is told under the lock, before a place is given again: so `Lagged` stands
//!   in the mailbox between the last event before and the first event after what is missing.
//! - W3: between two `Lagged` there are at least half of `capacity` events, so no more than three
//!   of them stand among the events that wait.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Lagged, Subscription};
use crate::{Pid, send};

/// The count for one subscription.
pub(super) struct Window {
    subscriber: Pid,
    subscription: Subscription,
    capacity: usize,
    count: Mutex<Count>,
}

struct Count {
    /// How many events wait.
    waiting: usize,
    /// How many did not fit since the window was open.
    missed: u64,
}

/// One event among those that wait.
pub(super) struct Place {
    window: Arc<Window>,
}

impl Window {
    pub(super) fn new(subscriber: Pid, subscription: Subscription, capacity: usize) -> Self {
        let count = Mutex::new(Count { waiting: 0, missed: 0 });
        Self { subscriber, subscription, capacity, count }
    }

    /// A place for the next event. `None`: there is none, and the event is missed.
    pub(super) fn take(window: &Arc<Self>) -> Option<Place> {
        let mut count = window.lock();
        if count.missed > 0 || count.waiting == window.capacity {
            count.missed += 1;
            return None;
        }
        count.waiting += 1;
        drop(count);
        Some(Place { window: Arc::clone(window) })
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let window = &self.window;
        let mut count = window.lock();
        count.waiting -= 1;
        if count.missed > 0 && count.waiting <= window.capacity / 2 {
            let missed = std::mem::take(&mut count.missed);
            send(window.subscriber, Lagged { subscription: window.subscription, missed });
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}

//! Processes whose body is not `Send`, on a scheduler of their own that never leaves its thread.
//!
//! A runtime has at most one such thread, started with the first such process. To everybody else
//! its processes are like any other.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_deque::Worker as Deque;
use tokio::runtime::Builder;
use tokio::time::Instant;

use super::lane::{Lane, Lanes};
use super::schedulers::{Schedulers, set_here};
use super::worker::Turns;
use crate::term::node;

/// The schedulers for the pinned processes of a runtime; in a simulation its only one, which has
/// one thread anyhow.
///
/// # Panics
///
/// If the thread cannot be started.
pub(crate) fn pinned(schedulers: &'static Schedulers) -> &'static Schedulers {
    let home = schedulers.home();
    if home.seeded.is_some() {
        return home;
    }
    let mut pinned = lock(home);
    pinned.get_or_insert_with(|| start(home))
}

fn start(home: &'static Schedulers) -> &'static Schedulers {
    let deque = Deque::new_fifo();
    let lanes: Lanes = Arc::new([Arc::new(Lane::new(deque.stealer()))]);
    let schedulers = Schedulers::take(Arc::clone(&lanes), None);
    schedulers.timers.begin(Instant::now(), node::HERE);
    schedulers.set_home(home);
    // Nobody is left out: `set_told` of `home` comes here, too, and the lock of `pinned` is held.
    schedulers.told.set(home.told.get());
    let run = move || {
        set_here(Some(schedulers));
        let tokio = Builder::new_current_thread().enable_all().build();
        let tokio = tokio.expect("the thread for pinned processes has no tokio runtime");
        let timers = tokio.spawn(schedulers.timers.run());
        tokio.block_on(Turns::new(schedulers, lanes, 0, deque, Duration::ZERO));
        timers.abort();
        schedulers.give_back();
    };
    let thread = std::thread::Builder::new().name("kerosene-pinned".to_owned());
    thread.spawn(run).expect("the thread for pinned processes could not be started");
    schedulers
}

/// Takes the pinned schedulers of a runtime that halts.
pub(super) fn take(home: &'static Schedulers) -> Option<&'static Schedulers> {
    lock(home).take()
}

fn lock(home: &Schedulers) -> MutexGuard<'_, Option<&'static Schedulers>> {
    home.pinned.lock().unwrap_or_else(PoisonError::into_inner)
}

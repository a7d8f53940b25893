//! The run queue of a simulation: the next process is drawn from a seeded generator.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::clock::set_turn;
use super::schedulers::{Schedulers, set_here};
use crate::process::{Ran, Slot, run, set_simulated};

/// A process is made to give way at one in this many awaits at which it need not.
const PREEMPTION_ODDS: u32 = 4;

/// At most this many processes run before tokio has the thread.
const TURN_MAX: usize = 16;

/// The run queue.
#[derive(Debug)]
pub(super) struct Seeded(Mutex<State>);

#[derive(Debug)]
struct State {
    ready: Vec<&'static Slot>,
    random: fastrand::Rng,
    waker: Option<Waker>,
}

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self(Mutex::new(State { ready: Vec::new(), random, waker: None }))
    }

    pub(super) fn reset(&self, seed: u64) {
        let random = fastrand::Rng::with_seed(seed);
        *self.lock() = State { ready: Vec::new(), random, waker: None };
    }

    pub(super) fn push(&self, slot: &'static Slot) {
        let mut state = self.lock();
        state.ready.push(slot);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The process to run next: this is where a seed becomes an interleaving.
    fn pick(&self) -> Option<&'static Slot> {
        let mut state = self.lock();
        if state.ready.is_empty() {
            return None;
        }
        let count = state.ready.len();
        let index = state.random.usize(..count);
        Some(state.ready.swap_remove(index))
    }

    pub(super) fn preempts(&self) -> bool {
        self.lock().random.u32(..PREEMPTION_ODDS) == 0
    }

    fn turn_len(&self) -> usize {
        self.lock().random.usize(1..=TURN_MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one scheduler of a simulation. Runs as a tokio task until it is dropped.
pub(super) async fn run_seeded(schedulers: &'static Schedulers) {
    let Some(seeded) = &schedulers.seeded else {
        return;
    };
    poll_fn(|cx| {
        let before = set_here(Some(schedulers));
        set_turn(Some(tokio::time::Instant::now()));
        set_simulated(true);
        let mut again = true;
        for _ in 0..seeded.turn_len() {
            let Some(slot) = seeded.pick() else {
                seeded.lock().waker = Some(cx.waker().clone());
                again = false;
                break;
            };
            if run(slot, schedulers.as_schedule()) == Ran::Again {
                seeded.push(slot);
            }
        }
        set_simulated(false);
        set_turn(None);
        set_here(before);
        if again {
            cx.waker().wake_by_ref();
        }
        Poll::<()>::Pending
    })
    .await;
}

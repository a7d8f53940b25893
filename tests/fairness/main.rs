//! Fairness: the SCH rules of SEMANTICS.md, on the real scheduler, where nothing but the rules
//! themselves makes a process give way. (A simulation would give way at random.)
//!
//! A process that is busy here is busy for a bounded time and then says that the others were
//! starved, so that a broken rule fails a test and does not hang it.

mod beside_busy_processes;
mod long_polls;
mod turns;

use std::future::Future;
use std::time::Instant;

use kerosene::prelude::*;

/// One scheduler, as many as two cores have, and more than any core has.
const WORKER_COUNTS: [usize; 3] = [1, 2, 16];

/// Far longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

/// Runs a test on so many schedulers.
fn run_on<F>(workers: usize, test: F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Runtime::builder().worker_threads(workers).build().expect("threads");
    let stopped = runtime.run(test);
    assert_eq!(stopped.reason, ExitReason::Normal, "on {workers} schedulers");
}

/// A limit on being busy.
struct Patience(Instant);

impl Patience {
    fn new() -> Self {
        Self(Instant::now())
    }

    #[track_caller]
    fn check(&self) {
        assert!(self.0.elapsed() < LONG, "the others were starved");
    }
}

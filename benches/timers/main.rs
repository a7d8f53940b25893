//! What timers cost: started and cancelled, a million of them pending, and in the way of messages.
//!
//! ```text
//! cargo bench --bench timers                  # all workloads, one worker and all cores
//! cargo bench --bench timers -- pending       # those whose name contains a word
//! cargo bench --bench timers -- --test        # tiny counts, to see that everything runs
//! ```

use std::pin::pin;
use std::time::{Duration, Instant};

use bench_harness::{Workers, Workload, on_kerosene, on_tokio};
use kerosene::prelude::*;

/// Beyond the end of the bench.
const FAR: Duration = Duration::from_hours(1);

struct Tick(#[expect(dead_code, reason = "weight")] u64);
struct Ping(Pid);
struct Pong;

fn main() {
    let timed = Workload::timed;
    bench_harness::main(
        Workers::OneAndAll,
        &[
            timed("start and cancel", 500_000, start_and_cancel).beside(start_and_cancel_on_tokio),
            timed("start, a million pending", 1_000_000, |w, n| pending(w, n, Part::Start)),
            timed("cancel, a million pending", 1_000_000, |w, n| pending(w, n, Part::Cancel)),
            timed("ping-pong, none pending", 300_000, |w, n| ping_pong(w, n, 0)),
            timed("ping-pong, a million pending", 300_000, |w, n| ping_pong(w, n, 1_000_000)),
            timed("one after the other, 1 ms", 200, fire).beside(fire_on_tokio),
        ],
    );
}

fn start_and_cancel(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        for n in 0..count {
            let timer = schedule(FAR, pid(), Tick(n));
            assert!(timer.cancel().is_some(), "it is far");
        }
        start.elapsed()
    })
}

/// A sleep that is polled once and dropped.
fn start_and_cancel_on_tokio(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let start = Instant::now();
        for _ in 0..count {
            let sleep = pin!(tokio::time::sleep(FAR));
            assert!(futures::poll!(sleep).is_pending(), "it is far");
        }
        start.elapsed()
    })
}

#[derive(Clone, Copy)]
enum Part {
    Start,
    Cancel,
}

fn pending(workers: usize, count: u64, part: Part) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        let timers: Vec<Timer> = (0..count).map(|n| schedule(FAR, pid(), Tick(n))).collect();
        let started = start.elapsed();
        let start = Instant::now();
        for timer in timers {
            assert!(timer.cancel().is_some(), "it is far");
        }
        match part {
            Part::Start => started,
            Part::Cancel => start.elapsed(),
        }
    })
}

fn ping_pong(workers: usize, count: u64, pending: u64) -> Duration {
    on_kerosene(workers, async move {
        // No more than there are round trips, so that a test is short.
        for n in 0..pending.min(count * 10) {
            schedule(FAR, pid(), Tick(n));
        }
        let ponger = spawn(async {
            loop {
                receive! { Ping(from) => send(from, Pong) }
            }
        });
        let me = pid();
        let start = Instant::now();
        for _ in 0..count {
            send(ponger, Ping(me));
            receive! { Pong => () }
        }
        start.elapsed()
    })
}

/// Each is waited for: what is above a millisecond is how late it is.
fn fire(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        for n in 0..count {
            schedule(Duration::from_millis(1), pid(), Tick(n));
            receive! { Tick(_) => () }
        }
        start.elapsed()
    })
}

fn fire_on_tokio(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let start = Instant::now();
        for _ in 0..count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        start.elapsed()
    })
}

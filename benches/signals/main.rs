//! What the signals that are no messages cost, and names.
//!
//! ```text
//! cargo bench --bench signals                 # all workloads, one worker and all cores
//! cargo bench --bench signals -- link         # those whose name contains a word
//! cargo bench --bench signals -- --test       # tiny counts, to see that everything runs
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use bench_harness::{Workers, Workload, on_kerosene};
use kerosene::prelude::*;
use tokio::sync::Semaphore;

/// The process at the other end is let run after so many.
const BATCH: u64 = 100;

/// How many die with the one they are linked to.
const LINKED: u64 = 10_000;

struct Tick(#[expect(dead_code, reason = "weight")] u64);

fn main() {
    // Reports of those that are killed would be all that is measured.
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    let timed = Workload::timed;
    bench_harness::main(
        Workers::OneAndAll,
        &[
            timed("link and unlink", 300_000, links),
            timed("monitor and demonitor", 300_000, monitors),
            timed("end by a link, 10 000 at once", 100_000, ends),
            timed("end and its Down", 300_000, downs),
            timed("register and unregister", 300_000, names),
            timed("whereis", 1_000_000, lookups),
            timed("send by pid", 1_000_000, |w, n| sends(w, n, false)),
            timed("send by name", 1_000_000, |w, n| sends(w, n, true)),
        ],
    );
}

/// A process that never receives.
fn idle() -> Pid {
    spawn(std::future::pending::<()>())
}

fn links(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let other = idle();
        let start = Instant::now();
        for n in 0..count {
            link(other);
            unlink(other);
            if n % BATCH == 0 {
                yield_now().await;
            }
        }
        start.elapsed()
    })
}

fn monitors(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let other = idle();
        let start = Instant::now();
        for n in 0..count {
            let watch = monitor(other);
            assert!(demonitor(watch), "nothing has ended");
            if n % BATCH == 0 {
                yield_now().await;
            }
        }
        start.elapsed()
    })
}

/// From the kill of one process until all that are linked to it have ended.
fn ends(workers: usize, count: u64) -> Duration {
    let linked = count.min(LINKED);
    on_kerosene(workers, async move {
        let mut took = Duration::ZERO;
        for _ in 0..count / linked {
            let (started, ended) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
            let (starting, ending) = (started.clone(), ended.clone());
            let hub = spawn(async move {
                for _ in 0..linked {
                    let (starting, ending) = (starting.clone(), AddAtEnd(ending.clone()));
                    spawn_link(async move {
                        let _ending = ending;
                        starting.add_permits(1);
                        receive! { Tick(_) => () }
                    });
                }
                receive! { Tick(_) => () }
            });
            let all = u32::try_from(linked).expect("it is at most ten thousand");
            started.acquire_many(all).await.expect("it is never closed").forget();
            let start = Instant::now();
            exit_signal(hub, ExitReason::Kill);
            ended.acquire_many(all).await.expect("it is never closed").forget();
            took += start.elapsed();
        }
        took
    })
}

/// Dropped with the body of a process.
struct AddAtEnd(Arc<Semaphore>);

impl Drop for AddAtEnd {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

fn downs(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        for _ in 0..count {
            let (_, watch) = spawn_monitor(async {});
            receive! { Down { monitor, .. } if monitor == watch => () }
        }
        start.elapsed()
    })
}

fn names(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let other = idle();
        let start = Instant::now();
        for _ in 0..count {
            register("somebody", other).expect("the name is free");
            unregister("somebody").expect("the name is taken");
        }
        start.elapsed()
    })
}

fn lookups(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let other = idle();
        register("somebody", other).expect("the name is free");
        let start = Instant::now();
        for _ in 0..count {
            assert_eq!(whereis("somebody"), Some(other));
        }
        start.elapsed()
    })
}

fn sends(workers: usize, count: u64, is_by_name: bool) -> Duration {
    on_kerosene(workers, async move {
        let (other, watch) = spawn_monitor(async move {
            for _ in 0..count {
                receive! { Tick(_) => () }
            }
        });
        register("somebody", other).expect("the name is free");
        let start = Instant::now();
        for n in 0..count {
            if is_by_name {
                send("somebody", Tick(n));
            } else {
                send(other, Tick(n));
            }
            if n % BATCH == 0 {
                yield_now().await;
            }
        }
        receive! { Down { monitor, .. } if monitor == watch => start.elapsed() }
    })
}

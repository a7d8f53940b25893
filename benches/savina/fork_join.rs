//! Fork and join. Create: workers that do one piece of work and end; an operation is a worker, of
//! which the paper has 40 000. Throughput: 60 workers that do a piece of work at each message; an
//! operation is a message, of which the paper has 10 000 for each.

use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::unbounded_channel;

use super::work::square_of_sine;

const WORKERS: u64 = 60;

/// Where the paper's workers compute a sine.
const THETA: f64 = 37.2;

struct Work(Pid);
struct Done(f64);

pub(crate) fn create(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        for _ in 0..count {
            let worker = spawn(async {
                receive! { Work(from) => send(from, Done(square_of_sine(THETA))) }
            });
            send(worker, Work(pid()));
        }
        for _ in 0..count {
            receive! { Done(result) => assert!(result > 0.0) }
        }
        start.elapsed()
    })
}

pub(crate) fn create_on_plain_tokio(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let start = Instant::now();
        let (done, mut all_done) = unbounded_channel();
        for _ in 0..count {
            let (send, mut receive) = unbounded_channel::<()>();
            let done = done.clone();
            tokio::spawn(async move {
                receive.recv().await;
                let _ = done.send(square_of_sine(THETA));
            });
            let _ = send.send(());
        }
        for _ in 0..count {
            assert!(all_done.recv().await > Some(0.0));
        }
        start.elapsed()
    })
}

pub(crate) fn throughput(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(WORKERS);
    on_kerosene(workers, async move {
        let start = Instant::now();
        let started: Vec<Pid> = (0..WORKERS)
            .map(|_| {
                spawn(async move {
                    for n in 1..=each {
                        receive! {
                            Work(from) => {
                                let result = square_of_sine(THETA);
                                if n == each {
                                    send(from, Done(result));
                                }
                            }
                        }
                    }
                })
            })
            .collect();
        for _ in 0..each {
            for worker in &started {
                send(*worker, Work(pid()));
            }
        }
        for _ in 0..WORKERS {
            receive! { Done(result) => assert!(result > 0.0) }
        }
        start.elapsed()
    })
}

pub(crate) fn throughput_on_plain_tokio(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(WORKERS);
    on_tokio(workers, async move {
        let start = Instant::now();
        let (done, mut all_done) = unbounded_channel();
        let mut started = Vec::new();
        for _ in 0..WORKERS {
            let (send, mut receive) = unbounded_channel::<()>();
            let done = done.clone();
            started.push(send);
            tokio::spawn(async move {
                for n in 1..=each {
                    receive.recv().await;
                    let result = square_of_sine(THETA);
                    if n == each {
                        let _ = done.send(result);
                    }
                }
            });
        }
        for _ in 0..each {
            for worker in &started {
                let _ = worker.send(());
            }
        }
        for _ in 0..WORKERS {
            assert!(all_done.recv().await > Some(0.0));
        }
        start.elapsed()
    })
}

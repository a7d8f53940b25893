//! Cigarette smokers: an arbiter lets one of 200 smoke, at random, and the next as soon as that one
//! has begun. An operation is a cigarette; the paper has 1000, of up to 1000 random numbers each.

use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::unbounded_channel;

use super::work::busy_wait;

const SMOKERS: usize = 200;
const WORK_MAX: u64 = 1000;

struct Smoke(u64);
struct Begun;
struct Stop;
struct Smoked(u64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let arbiter = pid();
        let mut random = fastrand::Rng::with_seed(1);
        let start = Instant::now();
        let smokers: Vec<Pid> = (0..SMOKERS).map(|_| spawn(smoker(arbiter))).collect();
        for _ in 0..count {
            let smoker = smokers[random.usize(..SMOKERS)];
            send(smoker, Smoke(1 + random.u64(..WORK_MAX)));
            receive! { Begun => () }
        }
        for smoker in smokers {
            send(smoker, Stop);
        }
        let mut smoked = 0;
        for _ in 0..SMOKERS {
            receive! { Smoked(cigarettes) => smoked += cigarettes }
        }
        assert_eq!(smoked, count);
        start.elapsed()
    })
}

async fn smoker(arbiter: Pid) {
    let mut random = fastrand::Rng::with_seed(2);
    let mut smoked = 0;
    loop {
        receive! {
            Smoke(work) => {
                send(arbiter, Begun);
                busy_wait(&mut random, work);
                smoked += 1;
            }
            Stop => return send(arbiter, Smoked(smoked)),
        }
    }
}

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let mut random = fastrand::Rng::with_seed(1);
        let start = Instant::now();
        let (begun, mut has_begun) = unbounded_channel();
        let (done, mut all_done) = unbounded_channel();
        let mut smokers = Vec::new();
        for _ in 0..SMOKERS {
            let (smoker, mut told) = unbounded_channel();
            let (begun, done) = (begun.clone(), done.clone());
            smokers.push(smoker);
            tokio::spawn(async move {
                let mut random = fastrand::Rng::with_seed(2);
                let mut cigarettes = 0;
                while let Some(work) = told.recv().await {
                    let _ = begun.send(());
                    busy_wait(&mut random, work);
                    cigarettes += 1;
                }
                let _ = done.send(cigarettes);
            });
        }
        for _ in 0..count {
            let smoker = &smokers[random.usize(..SMOKERS)];
            let _ = smoker.send(1 + random.u64(..WORK_MAX));
            has_begun.recv().await;
        }
        // A channel that nobody can send to any more tells them to stop.
        drop(smokers);
        let mut sum = 0;
        for _ in 0..SMOKERS {
            sum += all_done.recv().await.expect("all tell");
        }
        assert_eq!(sum, count);
        start.elapsed()
    })
}

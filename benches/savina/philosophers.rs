//! Dining philosophers: an arbitrator gives both forks, or none, and who gets none asks again. An
//! operation is a meal; the paper has 10 000 of each of 20 philosophers.

use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

const SIZE: usize = 20;

struct Hungry(Pid, usize);
struct Denied;
struct Eat;
struct Sated(usize);
struct Left;

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(20);
    on_kerosene(workers, async move {
        let arbitrator = pid();
        let start = Instant::now();
        for place in 0..SIZE {
            spawn(philosopher(arbitrator, place, each));
        }
        let mut is_taken = [false; SIZE];
        let (mut meals, mut sitting) = (0, SIZE);
        while sitting > 0 {
            receive! {
                Hungry(philosopher, place) => {
                    let (left, right) = (place, (place + 1) % SIZE);
                    if is_taken[left] || is_taken[right] {
                        send(philosopher, Denied);
                    } else {
                        is_taken[left] = true;
                        is_taken[right] = true;
                        send(philosopher, Eat);
                    }
                }
                Sated(place) => {
                    is_taken[place] = false;
                    is_taken[(place + 1) % SIZE] = false;
                    meals += 1;
                }
                Left => sitting -= 1,
            }
        }
        assert_eq!((meals, is_taken), (each * 20, [false; SIZE]));
        start.elapsed()
    })
}

async fn philosopher(arbitrator: Pid, place: usize, meals: u64) {
    let me = pid();
    let mut eaten = 0;
    while eaten < meals {
        send(arbitrator, Hungry(me, place));
        receive! {
            Denied => (),
            Eat => {
                eaten += 1;
                send(arbitrator, Sated(place));
            }
        }
    }
    send(arbitrator, Left);
}

enum ToArbitrator {
    Hungry(UnboundedSender<bool>, usize),
    Sated(usize),
    Left,
}

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(20);
    on_tokio(workers, async move {
        let start = Instant::now();
        let (arbitrator, mut asked) = unbounded_channel();
        for place in 0..SIZE {
            tokio::spawn(philosopher_on_tokio(arbitrator.clone(), place, each));
        }
        let mut is_taken = [false; SIZE];
        let (mut meals, mut sitting) = (0, SIZE);
        while sitting > 0 {
            match asked.recv().await.expect("the arbitrator is there") {
                ToArbitrator::Hungry(philosopher, place) => {
                    let forks = [place, (place + 1) % SIZE];
                    let may_eat = forks.iter().all(|fork| !is_taken[*fork]);
                    if may_eat {
                        is_taken[forks[0]] = true;
                        is_taken[forks[1]] = true;
                    }
                    let _ = philosopher.send(may_eat);
                }
                ToArbitrator::Sated(place) => {
                    is_taken[place] = false;
                    is_taken[(place + 1) % SIZE] = false;
                    meals += 1;
                }
                ToArbitrator::Left => sitting -= 1,
            }
        }
        assert_eq!((meals, is_taken), (each * 20, [false; SIZE]));
        start.elapsed()
    })
}

async fn philosopher_on_tokio(arbitrator: UnboundedSender<ToArbitrator>, place: usize, meals: u64) {
    let (me, mut answers) = unbounded_channel();
    let mut eaten = 0;
    while eaten < meals {
        let _ = arbitrator.send(ToArbitrator::Hungry(me.clone(), place));
        if answers.recv().await == Some(true) {
            eaten += 1;
            let _ = arbitrator.send(ToArbitrator::Sated(place));
        }
    }
    let _ = arbitrator.send(ToArbitrator::Left);
}

//! Dining philosophers: an arbitrator gives both forks, or none, and who gets none asks again. An
//! operation is a meal; the paper has 10 000 of each of 20 philosophers.

use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

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

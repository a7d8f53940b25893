//! Big: everybody pings somebody at random and waits for the answer. An operation is a ping; the
//! paper has 20 000 of each of 120.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

const SIZE: u64 = 120;

struct Begin(Arc<[Pid]>);
struct Ping(Pid, u64);
struct Pong(u64);
struct Done(u64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(SIZE);
    on_kerosene(workers, async move {
        let start = Instant::now();
        let parent = pid();
        let all: Arc<[Pid]> = (0..SIZE).map(|seed| spawn(member(seed, each, parent))).collect();
        for one in all.iter() {
            send(*one, Begin(all.clone()));
        }
        let mut pongs = 0;
        for _ in 0..SIZE {
            receive! { Done(of_one) => pongs += of_one }
        }
        assert_eq!(pongs, each * SIZE, "each ping is answered once");
        start.elapsed()
    })
}

/// Answers the others until the runtime ends, also when it is done itself.
async fn member(seed: u64, pings: u64, parent: Pid) {
    let me = pid();
    let mut random = fastrand::Rng::with_seed(seed);
    let all = receive! { Begin(all) => all };
    let mut ping = move |number| send(all[random.usize(..all.len())], Ping(me, number));
    let mut sent = 0;
    ping(sent);
    loop {
        receive! {
            Ping(from, number) => send(from, Pong(number)),
            Pong(number) => {
                assert_eq!(number, sent, "the answer to the last ping");
                sent += 1;
                if sent < pings {
                    ping(sent);
                } else {
                    send(parent, Done(sent));
                }
            }
        }
    }
}

//! Thread ring: a number travels around a ring of 100, one less at each hop. An operation is a hop;
//! the paper has 100 000.

use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::unbounded_channel;

const SIZE: usize = 100;

struct Next(Pid);
struct Ping(u64);
struct End(usize);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let parent = pid();
        let start = Instant::now();
        let members: Vec<Pid> = (0..SIZE).map(|place| spawn(member(place, parent))).collect();
        for (place, one) in members.iter().enumerate() {
            send(*one, Next(members[(place + 1) % SIZE]));
        }
        send(members[0], Ping(count));
        let last = usize::try_from(count).expect("it is a hundred thousand at most") % SIZE;
        receive! { End(place) => assert_eq!(place, last) }
        start.elapsed()
    })
}

async fn member(place: usize, parent: Pid) {
    let next = receive! { Next(next) => next };
    loop {
        receive! {
            Ping(0) => send(parent, End(place)),
            Ping(left) => send(next, Ping(left - 1)),
        }
    }
}

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let start = Instant::now();
        let (end, mut ended) = unbounded_channel();
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..SIZE).map(|_| unbounded_channel::<u64>()).unzip();
        for (place, mut receive) in receivers.into_iter().enumerate() {
            let (next, end) = (senders[(place + 1) % SIZE].clone(), end.clone());
            tokio::spawn(async move {
                while let Some(left) = receive.recv().await {
                    if left == 0 {
                        let _ = end.send(place);
                    } else {
                        let _ = next.send(left - 1);
                    }
                }
            });
        }
        let _ = senders[0].send(count);
        let last = usize::try_from(count).expect("it is a hundred thousand at most") % SIZE;
        assert_eq!(ended.recv().await, Some(last));
        start.elapsed()
    })
}

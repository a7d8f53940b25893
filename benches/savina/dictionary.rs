//! Concurrent dictionary: one process holds a map, others read and write it. An operation is a read
//! or a write; the paper has 10 000 of each of 20 workers, a tenth of them writes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;

const WORKERS: u64 = 20;
const WRITES_PERCENT: u64 = 10;

/// Keys of the map, all of which have a value from the beginning.
const KEYS: u64 = 524_287;

struct Read(Pid, u64);
struct Write(Pid, u64, u64);
struct Value(Option<u64>);
struct Done;

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    let map = map();
    let each = count.div_ceil(WORKERS);
    on_kerosene(workers, async move {
        let start = Instant::now();
        let dictionary = spawn(dictionary(map));
        for seed in 0..WORKERS {
            let parent = pid();
            spawn(async move {
                worker(dictionary, seed, each).await;
                send(parent, Done);
            });
        }
        for _ in 0..WORKERS {
            receive! { Done => () }
        }
        start.elapsed()
    })
}

fn map() -> HashMap<u64, u64> {
    (0..KEYS).map(|key| (key, key)).collect()
}

async fn dictionary(mut map: HashMap<u64, u64>) {
    loop {
        receive! {
            Read(from, key) => send(from, Value(map.get(&key).copied())),
            Write(from, key, value) => {
                map.insert(key, value);
                send(from, Value(Some(value)));
            }
        }
    }
}

/// Every value is its key, a million more after a write.
async fn worker(dictionary: Pid, seed: u64, count: u64) {
    let me = pid();
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..count {
        let key = random.u64(..KEYS);
        if random.u64(..100) < WRITES_PERCENT {
            send(dictionary, Write(me, key, key + 1_000_000));
            receive! { Value(value) => assert_eq!(value, Some(key + 1_000_000)) }
        } else {
            send(dictionary, Read(me, key));
            receive! { Value(value) => assert_eq!(value.map(|value| value % 1_000_000), Some(key)) }
        }
    }
}

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    enum Message {
        Read(u64, oneshot::Sender<Option<u64>>),
        Write(u64, u64, oneshot::Sender<Option<u64>>),
    }
    let mut map = map();
    let each = count.div_ceil(WORKERS);
    on_tokio(workers, async move {
        let start = Instant::now();
        let (send, mut receive) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(message) = receive.recv().await {
                let _ = match message {
                    Message::Read(key, answer) => answer.send(map.get(&key).copied()),
                    Message::Write(key, value, answer) => {
                        map.insert(key, value);
                        answer.send(Some(value))
                    }
                };
            }
        });
        let mut started = Vec::new();
        for seed in 0..WORKERS {
            let send = send.clone();
            started.push(tokio::spawn(async move {
                let mut random = fastrand::Rng::with_seed(seed);
                for _ in 0..each {
                    let key = random.u64(..KEYS);
                    let (answer, answered) = oneshot::channel();
                    let is_write = random.u64(..100) < WRITES_PERCENT;
                    let message = if is_write {
                        Message::Write(key, key + 1_000_000, answer)
                    } else {
                        Message::Read(key, answer)
                    };
                    let _ = send.send(message);
                    let value = answered.await.expect("it answers");
                    assert_eq!(value.map(|value| value % 1_000_000), Some(key));
                }
            }));
        }
        for worker in started {
            worker.await.expect("no panic");
        }
        start.elapsed()
    })
}

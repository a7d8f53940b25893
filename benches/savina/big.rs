//! Big: everybody pings somebody at random and waits for the answer. An operation is a ping; the
//! paper has 20 000 of each of 120.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

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

/// Members are known by their place here: a ping says which one it is from.
enum Message {
    Ping(usize, u64),
    Pong(u64),
}

type Members = Arc<[UnboundedSender<Message>]>;

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(SIZE);
    on_tokio(workers, async move {
        let start = Instant::now();
        let (done, mut all_done) = unbounded_channel();
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..SIZE).map(|_| unbounded_channel()).unzip();
        let all: Members = senders.into();
        for (place, mailbox) in receivers.into_iter().enumerate() {
            tokio::spawn(member_on_tokio(place, mailbox, all.clone(), each, done.clone()));
        }
        let mut pongs = 0;
        for _ in 0..SIZE {
            pongs += all_done.recv().await.expect("all are alive");
        }
        assert_eq!(pongs, each * SIZE, "each ping is answered once");
        start.elapsed()
    })
}

async fn member_on_tokio(
    place: usize,
    mut mailbox: UnboundedReceiver<Message>,
    all: Members,
    pings: u64,
    done: UnboundedSender<u64>,
) {
    let mut random = fastrand::Rng::with_seed(u64::try_from(place).expect("they are few"));
    let mut ping = |number| all[random.usize(..all.len())].send(Message::Ping(place, number));
    let mut sent = 0;
    let _ = ping(sent);
    while let Some(message) = mailbox.recv().await {
        match message {
            Message::Ping(from, number) => _ = all[from].send(Message::Pong(number)),
            Message::Pong(number) => {
                assert_eq!(number, sent, "the answer to the last ping");
                sent += 1;
                if sent < pings {
                    let _ = ping(sent);
                } else {
                    let _ = done.send(sent);
                }
            }
        }
    }
}

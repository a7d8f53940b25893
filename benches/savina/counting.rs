//! Counting: a producer sends increments to a counter, then asks for the sum. An operation is an
//! increment; the paper has 1 000 000.

use std::time::{Duration, Instant};

use bench_harness::{on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::oneshot;

struct Increment;
struct Retrieve(Pid);
struct Count(u64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        let counter = spawn(async {
            let mut count = 0;
            loop {
                receive! {
                    Increment => count += 1,
                    Retrieve(from) => return send(from, Count(count)),
                }
            }
        });
        for _ in 0..count {
            send(counter, Increment);
        }
        send(counter, Retrieve(pid()));
        receive! { Count(sum) => assert_eq!(sum, count) }
        start.elapsed()
    })
}

pub(crate) fn on_plain_tokio(workers: usize, count: u64) -> Duration {
    enum Message {
        Increment,
        Retrieve(oneshot::Sender<u64>),
    }
    on_tokio(workers, async move {
        let start = Instant::now();
        let (send, mut receive) = unbounded_channel();
        tokio::spawn(async move {
            let mut count = 0;
            while let Some(message) = receive.recv().await {
                match message {
                    Message::Increment => count += 1,
                    Message::Retrieve(answer) => _ = answer.send(count),
                }
            }
        });
        for _ in 0..count {
            let _ = send.send(Message::Increment);
        }
        let (answer, answered) = oneshot::channel();
        let _ = send.send(Message::Retrieve(answer));
        assert_eq!(answered.await, Ok(count));
        start.elapsed()
    })
}

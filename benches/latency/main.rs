//! How late a process runs that has something to do, while all workers are busy with others.
//!
//! ```text
//! cargo bench --bench latency                 # one worker and all cores
//! cargo bench --bench latency -- timer        # those whose name contains a word
//! cargo bench --bench latency -- --test       # tiny counts, to see that everything runs
//! ```
//!
//! The load is a thousand processes in pairs that answer each other without end. A timer is late by
//! the time between its instant, rounded up to tokio's millisecond, and the first line that runs
//! after it. A message is late by the time between its send, on a thread outside, and its receive.

use std::time::{Duration, Instant};

use bench_harness::{Figures, Workers, Workload, on_kerosene, on_tokio};
use kerosene::prelude::*;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Processes that answer each other are so many pairs.
const PAIRS: usize = 500;

/// Between two messages from outside.
const PAUSE: Duration = Duration::from_micros(500);

/// The clock that timers know.
const MILLISECOND: Duration = Duration::from_millis(1);

struct Ball(Pid);
struct Sent(Instant);

fn main() {
    let late = |name, ours| Workload::measured(name, "us late", 2000, ours);
    bench_harness::main(
        Workers::OneAndAll,
        &[
            late("timer", timer).beside_measured(timer_on_tokio),
            late("message", message).beside_measured(message_on_tokio),
        ],
    );
}

/// The median, and what one in a hundred and one in a thousand exceed.
fn percentiles(mut late: Vec<Duration>) -> Figures {
    late.sort_unstable();
    let at = |thousandths: usize| {
        let place = (late.len() * thousandths / 1000).min(late.len() - 1);
        late[place].as_secs_f64() * 1e6
    };
    vec![(", p50", at(500)), (", p99", at(990)), (", p99.9", at(999))]
}

fn load() {
    for _ in 0..PAIRS {
        let other = spawn(answer());
        spawn(async move {
            send(other, Ball(pid()));
            answer().await;
        });
    }
}

async fn answer() {
    loop {
        receive! { Ball(from) => send(from, Ball(pid())) }
    }
}

fn timer(workers: usize, count: u64) -> Figures {
    on_kerosene(workers, async move {
        load();
        let mut late = Vec::new();
        for _ in 0..count {
            let start = Instant::now();
            sleep(MILLISECOND).await;
            late.push(start.elapsed().saturating_sub(MILLISECOND));
        }
        percentiles(late)
    })
}

fn message(workers: usize, count: u64) -> Figures {
    on_kerosene(workers, async move {
        load();
        let me = pid();
        let sender = std::thread::spawn(move || {
            for _ in 0..count {
                std::thread::sleep(PAUSE);
                send(me, Sent(Instant::now()));
            }
        });
        let mut late = Vec::new();
        for _ in 0..count {
            receive! { Sent(at) => late.push(at.elapsed()) }
        }
        sender.join().expect("it has sent all");
        percentiles(late)
    })
}

fn load_on_tokio() {
    for _ in 0..PAIRS {
        let (left, mut to_left) = unbounded_channel();
        let (right, mut to_right) = unbounded_channel();
        let first: UnboundedSender<()> = left.clone();
        tokio::spawn(async move {
            while to_left.recv().await.is_some() {
                let _ = right.send(());
            }
        });
        tokio::spawn(async move {
            let _ = first.send(());
            while to_right.recv().await.is_some() {
                let _ = left.send(());
            }
        });
    }
}

fn timer_on_tokio(workers: usize, count: u64) -> Figures {
    on_tokio(workers, async move {
        load_on_tokio();
        let mut late = Vec::new();
        for _ in 0..count {
            let start = Instant::now();
            tokio::time::sleep(MILLISECOND).await;
            late.push(start.elapsed().saturating_sub(MILLISECOND));
        }
        percentiles(late)
    })
}

fn message_on_tokio(workers: usize, count: u64) -> Figures {
    on_tokio(workers, async move {
        load_on_tokio();
        let (send, mut receive) = unbounded_channel();
        let sender = std::thread::spawn(move || {
            for _ in 0..count {
                std::thread::sleep(PAUSE);
                let _ = send.send(Instant::now());
            }
        });
        let mut late = Vec::new();
        while let Some(at) = receive.recv().await {
            late.push(at.elapsed());
        }
        sender.join().expect("it has sent all");
        percentiles(late)
    })
}

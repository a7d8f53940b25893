//! The same workloads on plain tokio tasks and channels.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

fn timed<F>(workers: usize, body: F) -> Duration
where
    F: Future<Output = Duration> + Send + 'static,
{
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(workers).enable_all().build().expect("threads");
    runtime.block_on(async { tokio::spawn(body).await.expect("no task panics") })
}

pub(crate) fn ping_pong(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let start = Instant::now();
        let (ask, mut questions) = unbounded_channel();
        let (answer, mut answers) = unbounded_channel();
        let server = tokio::spawn(async move {
            while let Some(n) = questions.recv().await {
                let _ = answer.send(n);
            }
        });
        let client = tokio::spawn(async move {
            for n in 0..count {
                ask.send(n).expect("the other side waits");
                assert_eq!(answers.recv().await, Some(n));
            }
        });
        client.await.expect("no panic");
        server.await.expect("no panic");
        start.elapsed()
    })
}

pub(crate) fn call(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let (ask, mut questions) = unbounded_channel::<(u64, oneshot::Sender<u64>)>();
        tokio::spawn(async move {
            while let Some((n, answer)) = questions.recv().await {
                let _ = answer.send(n * n);
            }
        });
        let start = Instant::now();
        let client = tokio::spawn(async move {
            for n in 0..count {
                let (answer, answered) = oneshot::channel();
                ask.send((n, answer)).expect("the other side waits");
                assert_eq!(answered.await, Ok(n * n));
            }
        });
        client.await.expect("no panic");
        start.elapsed()
    })
}

pub(crate) fn flood(workers: usize, count: u64, senders: u64) -> Duration {
    timed(workers, async move {
        let start = Instant::now();
        let each = count / senders;
        let (send, mut receive) = unbounded_channel::<u64>();
        let receiver = tokio::spawn(async move {
            let mut sum = 0;
            for _ in 0..each * senders {
                sum += receive.recv().await.unwrap_or(0);
            }
            std::hint::black_box(sum);
        });
        for _ in 0..senders {
            let send = send.clone();
            tokio::spawn(async move {
                for n in 0..each {
                    let _ = send.send(n);
                    if n % 64 == 63 {
                        tokio::task::yield_now().await;
                    }
                }
            });
        }
        receiver.await.expect("no panic");
        start.elapsed()
    })
}

pub(crate) fn spawn_idle(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let start = Instant::now();
        let mut senders = Vec::new();
        for _ in 0..count {
            let (send, mut receive) = unbounded_channel::<u64>();
            senders.push(send);
            tokio::spawn(async move { receive.recv().await });
        }
        start.elapsed()
    })
}

pub(crate) fn spawn_message_exit(workers: usize, count: u64) -> Duration {
    const BATCH: u64 = 1000;
    timed(workers, async move {
        let start = Instant::now();
        let (done, mut all_done) = unbounded_channel();
        for _ in 0..count.div_ceil(BATCH) {
            for _ in 0..BATCH {
                let (send, mut receive) = unbounded_channel::<UnboundedSender<()>>();
                tokio::spawn(async move {
                    if let Some(done) = receive.recv().await {
                        let _ = done.send(());
                    }
                });
                let _ = send.send(done.clone());
            }
            for _ in 0..BATCH {
                all_done.recv().await;
            }
        }
        start.elapsed()
    })
}

pub(crate) fn skynet(workers: usize, count: u64) -> Duration {
    let levels = count.ilog10();
    timed(workers, async move {
        let start = Instant::now();
        let (send, receive) = oneshot::channel();
        skynet_node(levels, 0, send);
        std::hint::black_box(receive.await.ok());
        start.elapsed()
    })
}

fn skynet_node(level: u32, number: u64, parent: oneshot::Sender<u64>) {
    tokio::spawn(async move {
        if level == 0 {
            let _ = parent.send(number);
            return;
        }
        let step = 10_u64.pow(level - 1);
        let mut children = Vec::with_capacity(10);
        for n in 0..10 {
            let (send, receive) = oneshot::channel();
            skynet_node(level - 1, number + n * step, send);
            children.push(receive);
        }
        let mut sum = 0;
        for child in children {
            sum += child.await.unwrap_or(0);
        }
        let _ = parent.send(sum);
    });
}

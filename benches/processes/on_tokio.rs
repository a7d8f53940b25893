//! The same workloads on plain tokio tasks and channels.

use std::time::{Duration, Instant};

use bench_harness::on_tokio;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

pub(crate) fn ping_pong(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
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
    on_tokio(workers, async move {
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
    on_tokio(workers, async move {
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

pub(crate) fn fan_out(workers: usize, count: u64) -> Duration {
    const RECEIVERS: u64 = 100;
    on_tokio(workers, async move {
        let each = count / RECEIVERS + 1;
        let mut senders = Vec::new();
        let mut receivers = Vec::new();
        for _ in 0..RECEIVERS {
            let (send, mut receive) = unbounded_channel::<u64>();
            senders.push(send);
            receivers.push(tokio::spawn(async move {
                for _ in 0..each {
                    std::hint::black_box(receive.recv().await);
                }
            }));
        }
        let start = Instant::now();
        tokio::spawn(async move {
            for n in 0..each {
                for send in &senders {
                    let _ = send.send(n);
                }
                tokio::task::yield_now().await;
            }
        });
        for receiver in receivers {
            receiver.await.expect("no panic");
        }
        start.elapsed()
    })
}

pub(crate) fn big<const BYTES: usize>(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
        let start = Instant::now();
        let (send, mut receive) = unbounded_channel::<Box<[u8; BYTES]>>();
        let receiver = tokio::spawn(async move {
            for _ in 0..count {
                drop(std::hint::black_box(receive.recv().await));
            }
        });
        tokio::spawn(async move {
            for n in 0..count {
                let _ = send.send(Box::new([n.to_le_bytes()[0]; BYTES]));
                tokio::task::yield_now().await;
            }
        });
        receiver.await.expect("no panic");
        start.elapsed()
    })
}

pub(crate) fn ring(workers: usize, hops: u64, tokens: u64) -> Duration {
    const SIZE: usize = 1000;
    on_tokio(workers, async move {
        let (done, mut all_done) = unbounded_channel();
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..SIZE).map(|_| unbounded_channel::<u64>()).unzip();
        for (n, mut receive) in receivers.into_iter().enumerate() {
            let (next, done) = (senders[(n + 1) % SIZE].clone(), done.clone());
            tokio::spawn(async move {
                while let Some(hops) = receive.recv().await {
                    let _ = if hops == 0 { done.send(()) } else { next.send(hops - 1).or(Ok(())) };
                }
            });
        }
        let start = Instant::now();
        let step = SIZE / usize::try_from(tokens).unwrap_or(1);
        for send in senders.iter().step_by(step) {
            let _ = send.send(hops / tokens);
        }
        for _ in 0..tokens {
            all_done.recv().await;
        }
        start.elapsed()
    })
}

/// Runtimes that run an empty body, one after the other.
pub(crate) fn start_up(workers: usize, count: u64) -> Duration {
    let start = Instant::now();
    (0..count).for_each(|_| on_tokio(workers, async {}));
    start.elapsed()
}

pub(crate) fn spawn_idle(workers: usize, count: u64) -> Duration {
    on_tokio(workers, async move {
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
    on_tokio(workers, async move {
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
    on_tokio(workers, async move {
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

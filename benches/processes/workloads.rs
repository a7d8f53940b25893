//! The workloads: each a function from workers and count to the time it took.

use std::time::{Duration, Instant};

use kerosene::prelude::*;

use super::on_tokio;

/// One line of the report.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    /// Operations in a round.
    pub(crate) count: u64,
    pub(crate) kerosene: fn(usize, u64) -> Duration,
    pub(crate) tokio: Option<fn(usize, u64) -> Duration>,
}

struct Ping(Pid, u64);
struct Pong(u64);
struct Tick(u64);
struct Token(u64);
struct Next(Pid);
struct Done;
struct Square(u64);

impl Request for Square {
    type Reply = u64;
}
struct Ask(Pid);
struct Reply;
struct Junk(#[expect(dead_code, reason = "weight")] u64);

/// All of them.
pub(crate) fn all() -> Vec<Workload> {
    let line = |name, count, kerosene, tokio| Workload { name, count, kerosene, tokio };
    vec![
        line("ping-pong", 500_000, ping_pong, Some(on_tokio::ping_pong)),
        line(
            "flood 1 to 1",
            3_000_000,
            |w, n| flood(w, n, 1),
            Some(|w, n| on_tokio::flood(w, n, 1)),
        ),
        line(
            "flood 8 to 1",
            3_000_000,
            |w, n| flood(w, n, 8),
            Some(|w, n| on_tokio::flood(w, n, 8)),
        ),
        line(
            "flood 1000 to 1",
            3_000_000,
            |w, n| flood(w, n, 1000),
            Some(|w, n| on_tokio::flood(w, n, 1000)),
        ),
        line("ring of 1000, 1 token", 1_000_000, |w, n| ring(w, n, 1), None),
        line("ring of 1000, 100 tokens", 3_000_000, |w, n| ring(w, n, 100), None),
        line("spawn idle", 500_000, spawn_idle, Some(on_tokio::spawn_idle)),
        line(
            "spawn, message, exit",
            500_000,
            spawn_message_exit,
            Some(on_tokio::spawn_message_exit),
        ),
        line("skynet", 1_111_111, skynet, Some(on_tokio::skynet)),
        line("request, empty mailbox", 300_000, |w, n| request(w, n, 0), None),
        line("request, 100 000 waiting", 300_000, |w, n| request(w, n, 100_000), None),
        line("request with after", 300_000, request_with_after, None),
        line("call", 500_000, call_server, Some(on_tokio::call)),
    ]
}

/// Runs `body` as the first process, and times what it times itself.
fn timed<F>(workers: usize, body: F) -> Duration
where
    F: Future<Output = Duration> + Send + 'static,
{
    let (send, receive) = std::sync::mpsc::channel();
    let runtime = Runtime::builder().worker_threads(workers).build().expect("threads");
    let stopped = runtime.run(async move {
        let took = body.await;
        send.send(took).expect("the bench waits");
    });
    assert!(!stopped.reason.is_abnormal(), "{}", stopped.reason);
    receive.recv().expect("the body has sent it")
}

fn ping_pong(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let start = Instant::now();
        let ponger = spawn(async move {
            for _ in 0..count {
                receive! { Ping(from, n) => send(from, Pong(n)) }
            }
        });
        let (_, watch) = spawn_monitor(async move {
            let me = pid();
            for n in 0..count {
                send(ponger, Ping(me, n));
                receive! { Pong(m) => assert_eq!(n, m) }
            }
        });
        receive! { Down { monitor, .. } if monitor == watch => start.elapsed() }
    })
}

fn flood(workers: usize, count: u64, senders: u64) -> Duration {
    timed(workers, async move {
        let start = Instant::now();
        let each = count / senders;
        let (receiver, watch) = spawn_monitor(async move {
            let mut sum = 0;
            for _ in 0..each * senders {
                receive! { Tick(n) => sum += n }
            }
            std::hint::black_box(sum);
        });
        for _ in 0..senders {
            spawn(async move {
                for n in 0..each {
                    send(receiver, Tick(n));
                    if n % 64 == 63 {
                        yield_now().await;
                    }
                }
            });
        }
        receive! { Down { monitor, .. } if monitor == watch => start.elapsed() }
    })
}

fn ring(workers: usize, hops: u64, tokens: u64) -> Duration {
    const SIZE: usize = 1000;
    timed(workers, async move {
        let parent = pid();
        let members: Vec<Pid> = (0..SIZE).map(|_| spawn(ring_member(parent))).collect();
        for (n, member) in members.iter().enumerate() {
            send(*member, Next(members[(n + 1) % SIZE]));
        }
        let start = Instant::now();
        let step = SIZE / usize::try_from(tokens).unwrap_or(1);
        for member in members.iter().step_by(step) {
            send(*member, Token(hops / tokens));
        }
        for _ in 0..tokens {
            receive! { Done => () }
        }
        start.elapsed()
    })
}

async fn ring_member(parent: Pid) {
    let next = receive! { Next(next) => next };
    loop {
        receive! {
            Token(0) => send(parent, Done),
            Token(n) => send(next, Token(n - 1)),
        }
    }
}

fn spawn_idle(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let start = Instant::now();
        for _ in 0..count {
            spawn(async {
                receive! { Done => () }
            });
        }
        start.elapsed()
    })
}

fn spawn_message_exit(workers: usize, count: u64) -> Duration {
    const BATCH: u64 = 1000;
    timed(workers, async move {
        let me = pid();
        let start = Instant::now();
        for _ in 0..count.div_ceil(BATCH) {
            for _ in 0..BATCH {
                let child = spawn(async {
                    receive! { Next(parent) => send(parent, Done) }
                });
                send(child, Next(me));
            }
            for _ in 0..BATCH {
                receive! { Done => () }
            }
        }
        start.elapsed()
    })
}

fn skynet(workers: usize, count: u64) -> Duration {
    let levels = count.ilog10();
    timed(workers, async move {
        let start = Instant::now();
        skynet_node(levels, 0, pid());
        let sum = receive! { Tick(sum) => sum };
        std::hint::black_box(sum);
        start.elapsed()
    })
}

fn skynet_node(level: u32, number: u64, parent: Pid) {
    spawn(async move {
        if level == 0 {
            send(parent, Tick(number));
            return;
        }
        let me = pid();
        let step = 10_u64.pow(level - 1);
        for n in 0..10 {
            skynet_node(level - 1, number + n * step, me);
        }
        let mut sum = 0;
        for _ in 0..10 {
            receive! { Tick(n) => sum += n }
        }
        send(parent, Tick(sum));
    });
}

fn request(workers: usize, count: u64, backlog: u64) -> Duration {
    timed(workers, async move {
        let me = pid();
        let server = spawn(async {
            loop {
                receive! { Ask(from) => send(from, Reply) }
            }
        });
        (0..backlog).for_each(|n| send(me, Junk(n)));
        // The first receive files the backlog; it is not what is measured.
        send(server, Ask(me));
        receive! { Reply => () }
        let start = Instant::now();
        for _ in 0..count {
            send(server, Ask(me));
            receive! { Reply => () }
        }
        start.elapsed()
    })
}

fn request_with_after(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let me = pid();
        let server = spawn(async {
            loop {
                receive! { Ask(from) => send(from, Reply) }
            }
        });
        let start = Instant::now();
        for _ in 0..count {
            send(server, Ask(me));
            receive! { Reply => (), after Duration::from_secs(5) => panic!("late") }
        }
        start.elapsed()
    })
}

fn call_server(workers: usize, count: u64) -> Duration {
    timed(workers, async move {
        let server = spawn(async {
            loop {
                receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
            }
        });
        let (_, watch) = spawn_monitor(async move {
            for n in 0..count {
                assert_eq!(call(server, Square(n)).await, Ok(n * n));
            }
        });
        let start = Instant::now();
        receive! { Down { monitor, .. } if monitor == watch => start.elapsed() }
    })
}

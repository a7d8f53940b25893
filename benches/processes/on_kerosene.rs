//! The workloads: each a function from workers and count to the time it took.

use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

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
struct Numbered(Pid, u64);
struct Number(u64);
struct Big<const BYTES: usize>(Box<[u8; BYTES]>);

#[kerosene::actor]
mod squares {
    pub(crate) struct Squares;

    impl Squares {
        #[init]
        pub(crate) fn new() -> Self {
            Self
        }

        #[call]
        pub(crate) fn square(&mut self, number: u64) -> u64 {
            number * number
        }
    }
}

pub(crate) fn ping_pong(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
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

pub(crate) fn flood(workers: usize, count: u64, senders: u64) -> Duration {
    on_kerosene(workers, async move {
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

/// One sender, 100 receivers in turn.
pub(crate) fn fan_out(workers: usize, count: u64) -> Duration {
    const RECEIVERS: u64 = 100;
    on_kerosene(workers, async move {
        let each = count / RECEIVERS + 1;
        let watched: Vec<_> = (0..RECEIVERS)
            .map(|_| {
                spawn_monitor(async move {
                    for _ in 0..each {
                        receive! { Tick(n) => drop(std::hint::black_box(n)) }
                    }
                })
            })
            .collect();
        let start = Instant::now();
        let receivers: Vec<Pid> = watched.iter().map(|(receiver, _)| *receiver).collect();
        spawn(async move {
            for n in 0..each {
                for receiver in &receivers {
                    send(*receiver, Tick(n));
                }
                yield_now().await;
            }
        });
        for (_, watch) in watched {
            receive! { Down { monitor, .. } if monitor == watch => () }
        }
        start.elapsed()
    })
}

/// A message of so many bytes, made, filled, sent and read.
pub(crate) fn big<const BYTES: usize>(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        let (receiver, watch) = spawn_monitor(async move {
            for _ in 0..count {
                receive! { Big::<BYTES>(bytes) => drop(std::hint::black_box(bytes)) }
            }
        });
        spawn(async move {
            for n in 0..count {
                send(receiver, Big(Box::new([n.to_le_bytes()[0]; BYTES])));
                yield_now().await;
            }
        });
        receive! { Down { monitor, .. } if monitor == watch => start.elapsed() }
    })
}

pub(crate) fn ring(workers: usize, hops: u64, tokens: u64) -> Duration {
    const SIZE: usize = 1000;
    on_kerosene(workers, async move {
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

pub(crate) fn spawn_idle(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        for _ in 0..count {
            spawn(async {
                receive! { Done => () }
            });
        }
        start.elapsed()
    })
}

pub(crate) fn spawn_message_exit(workers: usize, count: u64) -> Duration {
    const BATCH: u64 = 1000;
    on_kerosene(workers, async move {
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

pub(crate) fn skynet(workers: usize, count: u64) -> Duration {
    let levels = count.ilog10();
    on_kerosene(workers, async move {
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

pub(crate) fn request(workers: usize, count: u64, backlog: u64) -> Duration {
    on_kerosene(workers, async move {
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

pub(crate) fn request_with_after(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
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

pub(crate) fn call_server(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
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

/// As [`request`], behind messages of the very type that is asked for: a guard tells the answer.
pub(crate) fn guarded_request(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let me = pid();
        let server = spawn(async {
            loop {
                receive! { Numbered(from, number) => send(from, Number(number)) }
            }
        });
        (0..100_000).for_each(|_| send(me, Number(u64::MAX)));
        let start = Instant::now();
        for n in 0..count {
            send(server, Numbered(me, n));
            receive! { Number(number) if number == n => () }
        }
        start.elapsed()
    })
}

pub(crate) fn call_behind(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let server = squares::start().await.expect("it starts");
        (0..100_000).for_each(|n| send(pid(), Junk(n)));
        let start = Instant::now();
        for n in 0..count {
            assert_eq!(server.square(n).await, Ok(n * n));
        }
        start.elapsed()
    })
}

pub(crate) fn call_actor(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let server = squares::start().await.expect("it starts");
        let (_, watch) = spawn_monitor(async move {
            for n in 0..count {
                assert_eq!(server.square(n).await, Ok(n * n));
            }
        });
        let start = Instant::now();
        receive! { Down { monitor, .. } if monitor == watch => start.elapsed() }
    })
}

/// Runtimes that run an empty body, one after the other.
pub(crate) fn start_up(workers: usize, count: u64) -> Duration {
    let start = Instant::now();
    (0..count).for_each(|_| on_kerosene(workers, async {}));
    start.elapsed()
}

//! The key paths, each to be walked so and so often, for counting their instructions.
//!
//! ```text
//! instructions                 # the names of the paths, and how many operations one time has
//! instructions call 2          # two times as many calls
//! ```
//!
//! A path does the same preparation however often it is walked. So the difference between a run
//! that walks it twice and one that walks it once is the cost of the walk alone: the start of the
//! program and of the runtime, and all that is prepared, is in both. The program exits in the
//! middle of things, lest their end be counted. [`benches/instructions.sh`](../instructions.sh)
//! runs it under valgrind and compares with what was counted before.

use std::task::Poll;

use kerosene::prelude::*;

/// Operations of one time.
const OPERATIONS: u64 = 10_000;

/// The most times that a path is prepared for.
const TIMES_MAX: u64 = 2;

/// Links and monitors end at the other process, which is let run after so many.
const BATCH: u64 = 100;

/// Messages that are in the way of a selective receive.
const BACKLOG: u64 = 1000;

const PATHS: &[&str] = &[
    "send",
    "receive",
    "wake",
    "ping-pong",
    "ping-pong with after",
    "ping-pong behind 1000",
    "call",
    "call of an actor",
    "send by name",
    "spawn",
    "spawn, message, exit",
    "restart after an error",
    "timer, start and cancel",
    "link and unlink",
    "monitor and demonitor",
];

struct Tick(u64);
struct Ping(Pid);
struct Pong;
struct Junk(#[expect(dead_code, reason = "it has the size of other messages")] u64);
struct Square(u64);

impl Request for Square {
    type Reply = u64;
}

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

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        for path in PATHS {
            println!("{OPERATIONS}\t{path}");
        }
        return;
    };
    let times = arguments.next().and_then(|times| times.parse().ok());
    // Reports of crashes that nobody reads would be most of what is counted.
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    let times: u64 = times.filter(|times| (1..=TIMES_MAX).contains(times)).expect("once or twice");
    let runtime = Runtime::builder().worker_threads(1).build().expect("a runtime starts");
    let stopped = runtime.run(async move {
        walk(&path, times * OPERATIONS).await;
        std::process::exit(0);
    });
    panic!("the path ended by itself: {}", stopped.reason);
}

async fn walk(path: &str, count: u64) {
    match path {
        "send" => send_only(count).await,
        "receive" => receive_only(count).await,
        "wake" => wake(count).await,
        "ping-pong" => ping_pong(count, 0).await,
        "ping-pong with after" => ping_pong_with_after(count).await,
        "ping-pong behind 1000" => ping_pong(count, BACKLOG).await,
        "call" => calls(count).await,
        "call of an actor" => actor_calls(count).await,
        "send by name" => send_by_name(count).await,
        "spawn" => (0..count).for_each(|_| _ = spawn(wait())),
        "spawn, message, exit" => lives(count).await,
        "restart after an error" => restarts(count).await,
        "timer, start and cancel" => timers(count),
        "link and unlink" => links(count).await,
        "monitor and demonitor" => monitors(count).await,
        other => panic!("no path `{other}`"),
    }
}

/// The body of a process that receives nothing.
async fn wait() {
    std::future::pending::<()>().await;
}

async fn send_only(count: u64) {
    let receiver = spawn(wait());
    yield_now().await;
    (0..count).for_each(|n| send(receiver, Tick(n)));
}

async fn receive_only(count: u64) {
    let me = pid();
    (0..TIMES_MAX * OPERATIONS).for_each(|n| send(me, Tick(n)));
    for n in 0..count {
        receive! { Tick(m) => assert_eq!(m, n) }
    }
}

/// A future that wakes its own process, as any other would.
async fn wake(count: u64) {
    for _ in 0..count {
        let mut is_woken = false;
        std::future::poll_fn(|context| {
            if is_woken {
                return Poll::Ready(());
            }
            is_woken = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

fn ponger() -> Pid {
    spawn(async {
        loop {
            receive! { Ping(from) => send(from, Pong) }
        }
    })
}

async fn ping_pong(count: u64, backlog: u64) {
    let (me, ponger) = (pid(), ponger());
    (0..backlog).for_each(|n| send(me, Junk(n)));
    for _ in 0..count {
        send(ponger, Ping(me));
        receive! { Pong => () }
    }
}

async fn ping_pong_with_after(count: u64) {
    let (me, ponger) = (pid(), ponger());
    for _ in 0..count {
        send(ponger, Ping(me));
        receive! { Pong => (), after Duration::from_hours(1) => panic!("late") }
    }
}

async fn calls(count: u64) {
    let server = spawn(async {
        loop {
            receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
        }
    });
    for n in 0..count {
        assert_eq!(call(server, Square(n)).await, Ok(n * n));
    }
}

async fn actor_calls(count: u64) {
    let squares = squares::start().await.expect("it starts");
    for n in 0..count {
        assert_eq!(squares.square(n).await, Ok(n * n));
    }
}

async fn send_by_name(count: u64) {
    register("somebody", spawn(wait())).expect("the name is free");
    yield_now().await;
    (0..count).for_each(|n| send("somebody", Tick(n)));
}

async fn lives(count: u64) {
    let me = pid();
    for _ in 0..count / BATCH {
        for _ in 0..BATCH {
            let child = spawn(async {
                receive! { Ping(parent) => send(parent, Pong) }
            });
            send(child, Ping(me));
        }
        for _ in 0..BATCH {
            receive! { Pong => () }
        }
    }
}

/// A named child fails whenever it is told to, and its supervisor starts it again.
async fn restarts(count: u64) {
    let me = pid();
    let child = ChildSpec::process("child", move || async move {
        send(me, Pong);
        receive! { Tick(_) => Err::<(), _>("an error") }
    });
    let supervisor = Supervisor::default().intensity(u32::MAX, Duration::from_secs(1));
    supervisor.child(child.name("child")).start_link().await.expect("its child starts");
    receive! { Pong => () }
    for n in 0..count {
        send("child", Tick(n));
        receive! { Pong => () }
    }
}

fn timers(count: u64) {
    for n in 0..count {
        let timer = schedule(Duration::from_hours(1), pid(), Tick(n));
        assert!(timer.cancel().is_some());
    }
}

async fn links(count: u64) {
    let other = spawn(wait());
    for _ in 0..count / BATCH {
        for _ in 0..BATCH {
            link(other);
            unlink(other);
        }
        yield_now().await;
    }
}

async fn monitors(count: u64) {
    let other = spawn(wait());
    for _ in 0..count / BATCH {
        for _ in 0..BATCH {
            let watch = monitor(other);
            assert!(demonitor(watch));
        }
        yield_now().await;
    }
}

//! Kerosene: its processes, its calls and its supervisor, by the names that users import.

use kerosene::prelude::*;
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};

struct Kerosene;

struct Tick(#[expect(dead_code, reason = "every peer's tick has a number")] u64);
struct Hops(u64);
struct Neighbour(Pid);
struct Increment(u64);
struct Part(u64);
struct Junk(#[expect(dead_code, reason = "it has the size of the other messages")] u64);
struct Question(Pid, Reference, u64);
struct Answer(Reference, u64);

impl Request for Increment {
    type Reply = u64;
}

fn main() {
    // Without any subscriber, a line on standard error for each crash is most of a restart.
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    peers::main::<Kerosene>();
}

impl Peer for Kerosene {
    type Sink = Pid;
    type Sender = Pid;
    type Node = Pid;
    type Server = Pid;

    fn lacks(_: Kind) -> Option<&'static str> {
        None
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        std::thread::spawn(move || {
            let runtime = Runtime::builder().worker_threads(workers).build();
            let _ = runtime.expect("a runtime starts").run(driver);
        });
    }

    async fn sink(_: u64, ticks: u64, then: Then, clock: Clock) -> Pid {
        spawn(async move {
            for _ in 0..ticks {
                receive! { Tick(_) => () }
            }
            clock.hit();
            if then == Then::Stay {
                receive! { Tick(_) => () }
            }
        })
    }

    async fn tick(sink: &Pid) {
        send(*sink, Tick(0));
    }

    async fn sender(_: u64, sinks: Vec<Pid>, count: u64, pace: Pace) -> Pid {
        spawn(async move {
            for (n, sink) in (0..count).zip(sinks.iter().cycle()) {
                send(*sink, Tick(n));
                if pace.gives_way_after(n) {
                    yield_now().await;
                }
            }
        })
    }

    async fn node(_: u64, clock: Clock) -> Pid {
        spawn(async move {
            let next = receive! { Neighbour(next) => next };
            loop {
                receive! {
                    Hops(0) => clock.hit(),
                    Hops(hops) => send(next, Hops(hops - 1)),
                }
            }
        })
    }

    async fn connect(node: &Pid, next: Pid) {
        send(*node, Neighbour(next));
    }

    async fn pass(node: &Pid, hops: u64) {
        send(*node, Hops(hops));
    }

    async fn server() -> Pid {
        spawn(async {
            loop {
                receive! {
                    Call { request: Increment(number), reply_to } => reply_to.reply(number + 1),
                    Question(from, reference, number) => send(from, Answer(reference, number + 1)),
                }
            }
        })
    }

    async fn call(server: &Pid, number: u64) -> u64 {
        call(*server, Increment(number)).await.expect("the server answers")
    }

    async fn skynet(total: Total) {
        skynet_node(pid(), 0, total.leaves);
        receive! { Part(sum) => total.is(sum) }
    }

    async fn restarts(count: u64, crash: Crash, clock: Clock) {
        let started = clock.clone();
        let child = ChildSpec::process("child", move || {
            let clock = started.clone();
            async move {
                clock.hit();
                receive! { Tick(_) => () }
                match crash {
                    Crash::Panic => panic!("a crash"),
                    Crash::Error => Err::<(), _>("a crash"),
                }
            }
        });
        // More than it restarts, as its users would not have it.
        let supervisor =
            Supervisor::new(Strategy::OneForOne).intensity(1_000_000, Duration::from_secs(5));
        let supervisor = supervisor.child(child.name("child")).start_link().await;
        supervisor.expect("its child starts");
        clock.batch().await;
        clock.start();
        for n in 0..count {
            send("child", Tick(n));
            clock.batch().await;
        }
    }

    async fn fill_mailbox(count: u64) {
        (0..count).for_each(|n| send(pid(), Junk(n)));
    }

    async fn request(server: &Pid, number: u64) -> u64 {
        let reference = make_ref();
        send(*server, Question(pid(), reference, number));
        receive! { Answer(of, number) if of == reference => number }
    }
}

fn skynet_node(parent: Pid, number: u64, leaves: u64) {
    spawn(async move {
        if leaves == 1 {
            send(parent, Part(number));
            return;
        }
        let (me, part) = (pid(), leaves / 10);
        for n in 0..10 {
            skynet_node(me, number + n * part, part);
        }
        let mut sum = 0;
        for _ in 0..10 {
            receive! { Part(part) => sum += part }
        }
        send(parent, Part(sum));
    });
}

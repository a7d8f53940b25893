//! hydra, with its default features. Its processes are bare functions, but for the server that is
//! called and the child that is supervised, which are its `GenServer`s.

use std::pin::Pin;
use std::time::Duration;

use hydra::{
    ChildSpec, ExitReason, From, GenServer, GenServerOptions, Message, Pid, Process,
    SupervisionStrategy, Supervisor, SupervisorOptions,
};
use peers::peer::run_on_tokio;
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};
use serde::{Deserialize, Serialize};
use sync_wrapper::SyncFuture;

struct Hydra;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Term {
    Tick(u64),
    Next(Pid),
    Question(u64, Pid),
    Answer(u64),
    Junk(u64),
    Panic,
    Error,
}

fn main() {
    peers::main::<Hydra>();
}

async fn receive() -> Term {
    loop {
        if let Message::User(term) = Process::receive::<Term>().await {
            return term;
        }
    }
}

impl Peer for Hydra {
    type Sink = Pid;
    type Sender = Pid;
    type Node = Pid;
    type Server = Servers;

    fn lacks(_: Kind) -> Option<&'static str> {
        None
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        run_on_tokio(workers, async {
            Process::spawn(driver);
        });
    }

    async fn sink(_: u64, ticks: u64, then: Then, clock: Clock) -> Pid {
        Process::spawn(async move {
            for _ in 0..ticks {
                receive().await;
            }
            clock.hit();
            if then == Then::Stay {
                receive().await;
            }
        })
    }

    async fn tick(sink: &Pid) {
        Process::send(*sink, Term::Tick(0));
    }

    async fn sender(_: u64, sinks: Vec<Pid>, count: u64, pace: Pace) -> Pid {
        Process::spawn(async move {
            for (n, sink) in (0..count).zip(sinks.iter().cycle()) {
                Process::send(*sink, Term::Tick(n));
                if pace.gives_way_after(n) {
                    tokio::task::yield_now().await;
                }
            }
        })
    }

    async fn node(_: u64, clock: Clock) -> Pid {
        Process::spawn(async move {
            let Term::Next(next) = receive().await else { return };
            while let Term::Tick(hops) = receive().await {
                if hops == 0 {
                    clock.hit();
                } else {
                    Process::send(next, Term::Tick(hops - 1));
                }
            }
        })
    }

    async fn connect(node: &Pid, next: Pid) {
        Process::send(*node, Term::Next(next));
    }

    async fn pass(node: &Pid, hops: u64) {
        Process::send(*node, Term::Tick(hops));
    }

    async fn server() -> Servers {
        let called = Server(None).start(GenServerOptions::new()).await.expect("it starts");
        let asked = Process::spawn(async {
            loop {
                if let Term::Question(number, from) = receive().await {
                    Process::send(from, Term::Answer(number + 1));
                }
            }
        });
        Servers { called, asked }
    }

    async fn call(servers: &Servers, number: u64) -> u64 {
        match Server::call(servers.called, Term::Tick(number), None).await {
            Ok(Term::Answer(answer)) => answer,
            other => panic!("no answer but {other:?}"),
        }
    }

    async fn skynet(total: Total) {
        skynet_node(Process::current(), 0, total.leaves);
        if let Term::Tick(sum) = receive().await {
            total.is(sum);
        }
    }

    async fn restarts(count: u64, crash: Crash, clock: Clock) {
        let parent = Process::current();
        let child = ChildSpec::new("child").start(move || {
            // What it wants is `Sync`, which the future of a start is not.
            SyncFuture::new(Server(Some(parent)).start_link(GenServerOptions::new()))
        });
        // It walks the times of the restarts within the period at each restart: a short one.
        let supervisor = Supervisor::with_children([child])
            .strategy(SupervisionStrategy::OneForOne)
            .max_restarts(usize::MAX)
            .max_duration(Duration::from_millis(1));
        supervisor.start(SupervisorOptions::new()).await.expect("its child starts");
        let crash = match crash {
            Crash::Panic => Term::Panic,
            Crash::Error => Term::Error,
        };
        let mut child = receive().await;
        clock.hit();
        clock.start();
        for _ in 0..count {
            let Term::Next(pid) = child else { panic!("the child says who it is") };
            Server::cast(pid, crash);
            child = receive().await;
            clock.hit();
        }
    }

    async fn fill_mailbox(count: u64) {
        (0..count).for_each(|n| Process::send(Process::current(), Term::Junk(n)));
    }

    async fn request(servers: &Servers, number: u64) -> u64 {
        Process::send(servers.asked, Term::Question(number, Process::current()));
        let answers = Process::receiver().for_message::<Term>().select(|message| {
            matches!(message, Message::User(Term::Answer(answer)) if *answer == number + 1)
        });
        match answers.await {
            Message::User(Term::Answer(answer)) => answer,
            other => panic!("no answer but {other:?}"),
        }
    }
}

/// One that is called, and one that is sent questions.
struct Servers {
    called: Pid,
    asked: Pid,
}

/// Tells its parent who it is, if it has one.
#[derive(Clone)]
struct Server(Option<Pid>);

impl GenServer for Server {
    type Message = Term;

    async fn init(&mut self) -> Result<(), ExitReason> {
        if let Some(parent) = self.0 {
            Process::send(parent, Term::Next(Process::current()));
        }
        Ok(())
    }

    async fn handle_call(&mut self, term: Term, _: From) -> Result<Option<Term>, ExitReason> {
        match term {
            Term::Tick(number) => Ok(Some(Term::Answer(number + 1))),
            _ => Ok(None),
        }
    }

    async fn handle_cast(&mut self, term: Term) -> Result<(), ExitReason> {
        match term {
            Term::Panic => panic!("a crash"),
            _ => Err(ExitReason::from("a crash")),
        }
    }
}

fn skynet_node(parent: Pid, number: u64, leaves: u64) {
    match leaves {
        1 => Process::spawn(async move { Process::send(parent, Term::Tick(number)) }),
        _ => Process::spawn(skynet_branch(parent, number, leaves)),
    };
}

fn skynet_branch(
    parent: Pid,
    number: u64,
    leaves: u64,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let part = leaves / 10;
        for n in 0..10 {
            skynet_node(Process::current(), number + n * part, part);
        }
        let mut sum = 0;
        for _ in 0..10 {
            if let Term::Tick(part) = receive().await {
                sum += part;
            }
        }
        Process::send(parent, Term::Tick(sum));
    })
}

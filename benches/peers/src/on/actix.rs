//! actix. Its actors are bound to threads, called arbiters: with one worker all are on the one of
//! the system, with more they are spread by their place, in turn.
//!
//! Messages are sent by `do_send`, which looks past the limit of 16 that a mailbox has.

use std::sync::OnceLock;

use actix::prelude::*;
use peers::peer::NO_SELECTIVE_RECEIVE;
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};

struct Actix;

#[derive(Message)]
#[rtype(result = "()")]
struct Tick(u64);

#[derive(Message)]
#[rtype(result = "u64")]
struct Ask(u64);

#[derive(Message)]
#[rtype(result = "()")]
struct Neighbour(Addr<Node>);

#[derive(Message)]
#[rtype(result = "()")]
struct Begin;

/// Empty where all is on one thread.
static ARBITERS: OnceLock<Vec<ArbiterHandle>> = OnceLock::new();

fn main() {
    peers::main::<Actix>();
}

fn arbiter(place: u64) -> Option<&'static ArbiterHandle> {
    let arbiters = ARBITERS.get().filter(|arbiters| !arbiters.is_empty())?;
    let place = usize::try_from(place).ok()?;
    arbiters.get(place % arbiters.len())
}

fn start<A: Actor<Context = Context<A>> + Send>(place: u64, actor: A) -> Addr<A> {
    match arbiter(place) {
        None => actor.start(),
        Some(arbiter) => A::start_in_arbiter(arbiter, |_| actor),
    }
}

impl Peer for Actix {
    type Sink = Addr<Sink>;
    type Sender = Addr<Sender>;
    type Node = Addr<Node>;
    type Server = Addr<Server>;

    fn lacks(kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::CallBehind { .. } | Kind::RequestBehind { .. } => Some(NO_SELECTIVE_RECEIVE),
            Kind::Flood { pace: Pace::GivingWay, .. } => Some("a handler cannot yield"),
            Kind::Restart(Crash::Panic) => Some("a panic ends the thread"),
            _ => None,
        }
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        std::thread::spawn(move || {
            let system = System::new();
            let arbiters: Vec<Arbiter> = match workers {
                1 => Vec::new(),
                _ => (0..workers).map(|_| system.block_on(async { Arbiter::new() })).collect(),
            };
            let handles = ARBITERS.get_or_init(|| arbiters.iter().map(Arbiter::handle).collect());
            match handles.last() {
                None => system.block_on(async { drop(actix::spawn(driver)) }),
                Some(last) => assert!(last.spawn(driver), "the arbiter runs"),
            }
            system.run().expect("the system runs");
        });
    }

    async fn sink(place: u64, ticks: u64, then: Then, clock: Clock) -> Addr<Sink> {
        start(place, Sink { ticks, then, clock })
    }

    async fn tick(sink: &Addr<Sink>) {
        sink.do_send(Tick(0));
    }

    async fn sender(place: u64, sinks: Vec<Addr<Sink>>, count: u64, _: Pace) -> Addr<Sender> {
        let sender = start(place, Sender { sinks, count });
        sender.do_send(Begin);
        sender
    }

    async fn node(place: u64, clock: Clock) -> Addr<Node> {
        start(place, Node { next: None, clock })
    }

    async fn connect(node: &Addr<Node>, next: Addr<Node>) {
        node.do_send(Neighbour(next));
    }

    async fn pass(node: &Addr<Node>, hops: u64) {
        node.do_send(Tick(hops));
    }

    async fn server() -> Addr<Server> {
        start(0, Server)
    }

    async fn call(server: &Addr<Server>, number: u64) -> u64 {
        server.send(Ask(number)).await.expect("the server answers")
    }

    async fn skynet(total: Total) {
        let leaves = total.leaves;
        start(1, Tree::new(Parent::Bench(total), 0, leaves));
    }

    /// The actor's value outlives its restart here: only its context is new.
    async fn restarts(count: u64, _: Crash, clock: Clock) {
        let first = Child(clock.clone());
        let child = match arbiter(0) {
            None => Supervisor::start(|_| first),
            Some(arbiter) => Supervisor::start_in_arbiter(arbiter, |_| first),
        };
        clock.batch().await;
        clock.start();
        for n in 0..count {
            child.do_send(Tick(n));
            clock.batch().await;
        }
    }
}

struct Sink {
    ticks: u64,
    then: Then,
    clock: Clock,
}

impl Actor for Sink {
    type Context = Context<Self>;

    fn started(&mut self, _: &mut Context<Self>) {
        if self.ticks == 0 {
            self.clock.hit();
        }
    }

    fn stopped(&mut self, _: &mut Context<Self>) {
        if self.then == Then::Leave {
            self.clock.hit();
        }
    }
}

impl Handler<Tick> for Sink {
    type Result = ();

    fn handle(&mut self, _: Tick, context: &mut Context<Self>) {
        self.ticks -= 1;
        if self.ticks == 0 {
            match self.then {
                Then::Leave => context.stop(),
                Then::Stay => self.clock.hit(),
            }
        }
    }
}

struct Sender {
    sinks: Vec<Addr<Sink>>,
    count: u64,
}

impl Actor for Sender {
    type Context = Context<Self>;
}

impl Handler<Begin> for Sender {
    type Result = ();

    fn handle(&mut self, _: Begin, _: &mut Context<Self>) {
        for (n, sink) in (0..self.count).zip(self.sinks.iter().cycle()) {
            sink.do_send(Tick(n));
        }
    }
}

struct Node {
    next: Option<Addr<Node>>,
    clock: Clock,
}

impl Actor for Node {
    type Context = Context<Self>;
}

impl Handler<Neighbour> for Node {
    type Result = ();

    fn handle(&mut self, Neighbour(next): Neighbour, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

impl Handler<Tick> for Node {
    type Result = ();

    fn handle(&mut self, Tick(hops): Tick, _: &mut Context<Self>) {
        match &self.next {
            Some(next) if hops > 0 => next.do_send(Tick(hops - 1)),
            _ => self.clock.hit(),
        }
    }
}

struct Server;

impl Actor for Server {
    type Context = Context<Self>;
}

impl Handler<Ask> for Server {
    type Result = u64;

    fn handle(&mut self, Ask(number): Ask, _: &mut Context<Self>) -> u64 {
        number + 1
    }
}

enum Parent {
    Bench(Total),
    Branch(Addr<Tree>),
}

struct Tree {
    parent: Parent,
    number: u64,
    leaves: u64,
    missing: u64,
    sum: u64,
}

impl Tree {
    fn new(parent: Parent, number: u64, leaves: u64) -> Self {
        Self { parent, number, leaves, missing: 10, sum: 0 }
    }
}

impl Actor for Tree {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Context<Self>) {
        if let (Parent::Branch(parent), 1) = (&self.parent, self.leaves) {
            parent.do_send(Tick(self.number));
            context.stop();
            return;
        }
        let part = self.leaves / 10;
        for n in 0..10 {
            let parent = Parent::Branch(context.address());
            let child = Self::new(parent, self.number + n * part, part);
            match self.parent {
                // Those below the root are spread, and keep what is below them on their thread.
                Parent::Bench(_) => start(n, child),
                Parent::Branch(_) => child.start(),
            };
        }
    }
}

impl Handler<Tick> for Tree {
    type Result = ();

    fn handle(&mut self, Tick(part): Tick, context: &mut Context<Self>) {
        self.sum += part;
        self.missing -= 1;
        if self.missing == 0 {
            match &self.parent {
                Parent::Branch(parent) => parent.do_send(Tick(self.sum)),
                Parent::Bench(total) => total.is(self.sum),
            }
            context.stop();
        }
    }
}

struct Child(Clock);

impl Actor for Child {
    type Context = Context<Self>;

    fn started(&mut self, _: &mut Context<Self>) {
        self.0.hit();
    }
}

impl Supervised for Child {}

impl Handler<Tick> for Child {
    type Result = ();

    fn handle(&mut self, _: Tick, context: &mut Context<Self>) {
        context.stop();
    }
}

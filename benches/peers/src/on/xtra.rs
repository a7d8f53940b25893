//! xtra on tokio, with unbounded mailboxes. A message for whose answer nobody waits is
//! `send(..).detach()`.

use peers::peer::{NO_SELECTIVE_RECEIVE, run_on_tokio};
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};
use xtra::prelude::*;

struct Xtra;

struct Tick(u64);
struct Ask(u64);
struct Neighbour(Address<Node>);
struct Begin;

fn main() {
    peers::main::<Xtra>();
}

fn start<A: Actor<Stop = ()>>(actor: A) -> Address<A> {
    xtra::spawn_tokio(actor, Mailbox::unbounded())
}

async fn tell<A: Handler<M>, M: Send + 'static>(actor: &Address<A>, message: M) {
    drop(actor.send(message).detach().await);
}

impl Peer for Xtra {
    type Sink = Address<Sink>;
    type Sender = Address<Sender>;
    type Node = Address<Node>;
    type Server = Address<Server>;

    fn lacks(kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::CallBehind { .. } | Kind::RequestBehind { .. } => Some(NO_SELECTIVE_RECEIVE),
            Kind::Restart(_) => Some("no supervision"),
            _ => None,
        }
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        run_on_tokio(workers, driver);
    }

    async fn sink(_: u64, ticks: u64, then: Then, clock: Clock) -> Address<Sink> {
        start(Sink { ticks, then, clock })
    }

    async fn tick(sink: &Address<Sink>) {
        tell(sink, Tick(0)).await;
    }

    async fn sender(_: u64, sinks: Vec<Address<Sink>>, count: u64, pace: Pace) -> Address<Sender> {
        let sender = start(Sender { sinks, count, pace });
        tell(&sender, Begin).await;
        sender
    }

    async fn node(_: u64, clock: Clock) -> Address<Node> {
        start(Node { next: None, clock })
    }

    async fn connect(node: &Address<Node>, next: Address<Node>) {
        tell(node, Neighbour(next)).await;
    }

    async fn pass(node: &Address<Node>, hops: u64) {
        tell(node, Tick(hops)).await;
    }

    async fn server() -> Address<Server> {
        start(Server)
    }

    async fn call(server: &Address<Server>, number: u64) -> u64 {
        server.send(Ask(number)).await.expect("the server answers")
    }

    async fn skynet(total: Total) {
        let leaves = total.leaves;
        Tree::start(Parent::Bench(total), 0, leaves);
    }

    async fn restarts(_: u64, _: Crash, _: Clock) {
        unreachable!("`lacks` says that there is no supervision")
    }
}

struct Sink {
    ticks: u64,
    then: Then,
    clock: Clock,
}

impl Actor for Sink {
    type Stop = ();

    async fn started(&mut self, _: &Mailbox<Self>) -> Result<(), ()> {
        if self.ticks == 0 {
            self.clock.hit();
        }
        Ok(())
    }

    async fn stopped(self) {
        if self.then == Then::Leave {
            self.clock.hit();
        }
    }
}

impl Handler<Tick> for Sink {
    type Return = ();

    async fn handle(&mut self, _: Tick, context: &mut Context<Self>) {
        self.ticks -= 1;
        if self.ticks == 0 {
            match self.then {
                Then::Leave => context.stop_self(),
                Then::Stay => self.clock.hit(),
            }
        }
    }
}

struct Sender {
    sinks: Vec<Address<Sink>>,
    count: u64,
    pace: Pace,
}

impl Actor for Sender {
    type Stop = ();

    async fn stopped(self) {}
}

impl Handler<Begin> for Sender {
    type Return = ();

    async fn handle(&mut self, _: Begin, _: &mut Context<Self>) {
        for (n, sink) in (0..self.count).zip(self.sinks.iter().cycle()) {
            tell(sink, Tick(n)).await;
            if self.pace.gives_way_after(n) {
                tokio::task::yield_now().await;
            }
        }
    }
}

struct Node {
    next: Option<Address<Node>>,
    clock: Clock,
}

impl Actor for Node {
    type Stop = ();

    async fn stopped(self) {}
}

impl Handler<Neighbour> for Node {
    type Return = ();

    async fn handle(&mut self, Neighbour(next): Neighbour, _: &mut Context<Self>) {
        self.next = Some(next);
    }
}

impl Handler<Tick> for Node {
    type Return = ();

    async fn handle(&mut self, Tick(hops): Tick, _: &mut Context<Self>) {
        match &self.next {
            Some(next) if hops > 0 => tell(next, Tick(hops - 1)).await,
            _ => self.clock.hit(),
        }
    }
}

struct Server;

impl Actor for Server {
    type Stop = ();

    async fn stopped(self) {}
}

impl Handler<Ask> for Server {
    type Return = u64;

    async fn handle(&mut self, Ask(number): Ask, _: &mut Context<Self>) -> u64 {
        number + 1
    }
}

enum Parent {
    Bench(Total),
    Branch(Address<Tree>),
}

struct Tree {
    me: Option<Address<Tree>>,
    parent: Parent,
    number: u64,
    leaves: u64,
    missing: u64,
    sum: u64,
}

impl Tree {
    /// A mailbox gives a weak address only, dead once the one who started the actor has dropped
    /// its own: so the actor is given its address by hand.
    fn start(parent: Parent, number: u64, leaves: u64) {
        let (address, mailbox) = Mailbox::unbounded();
        let me = Some(address);
        let tree = Self { me, parent, number, leaves, missing: 10, sum: 0 };
        tokio::spawn(xtra::run(mailbox, tree));
    }
}

impl Actor for Tree {
    type Stop = ();

    async fn started(&mut self, _: &Mailbox<Self>) -> Result<(), ()> {
        match (&self.parent, self.me.take()) {
            (Parent::Branch(parent), _) if self.leaves == 1 => {
                tell(parent, Tick(self.number)).await;
                Err(())
            }
            (_, Some(me)) => {
                let part = self.leaves / 10;
                for n in 0..10 {
                    Self::start(Parent::Branch(me.clone()), self.number + n * part, part);
                }
                Ok(())
            }
            (_, None) => Err(()),
        }
    }

    async fn stopped(self) {}
}

impl Handler<Tick> for Tree {
    type Return = ();

    async fn handle(&mut self, Tick(part): Tick, context: &mut Context<Self>) {
        self.sum += part;
        self.missing -= 1;
        if self.missing == 0 {
            match &self.parent {
                Parent::Branch(parent) => tell(parent, Tick(self.sum)).await,
                Parent::Bench(total) => total.is(self.sum),
            }
            context.stop_self();
        }
    }
}

//! kameo, with its default features and mailboxes: those hold 64 messages, so a sender waits.

use std::time::Duration;

use kameo::error::Infallible;
use kameo::prelude::*;
use kameo::supervision::{RestartPolicy, SupervisionStrategy};
use peers::peer::{NO_SELECTIVE_RECEIVE, run_on_tokio};
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};

struct Kameo;

struct Tick(u64);
struct Ask(u64);
struct Neighbour(ActorRef<Node>);
struct Begin;

fn main() {
    peers::main::<Kameo>();
}

async fn tell<A, M>(actor: &ActorRef<A>, message: M)
where
    A: Actor + Message<M>,
    M: Send + 'static,
{
    let _ = actor.tell(message).await;
}

impl Peer for Kameo {
    type Sink = ActorRef<Sink>;
    type Sender = ActorRef<Sender>;
    type Node = ActorRef<Node>;
    type Server = ActorRef<Server>;

    fn lacks(kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::CallBehind { .. } | Kind::RequestBehind { .. } => Some(NO_SELECTIVE_RECEIVE),
            Kind::Restart(Crash::Error) => Some("a handler has no way to fail but to panic"),
            _ => None,
        }
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        run_on_tokio(workers, driver);
    }

    async fn sink(_: u64, ticks: u64, then: Then, clock: Clock) -> ActorRef<Sink> {
        Sink::spawn(Sink { ticks, then, clock })
    }

    async fn tick(sink: &ActorRef<Sink>) {
        tell(sink, Tick(0)).await;
    }

    async fn sender(
        _: u64,
        sinks: Vec<ActorRef<Sink>>,
        count: u64,
        pace: Pace,
    ) -> ActorRef<Sender> {
        let sender = Sender::spawn(Sender { sinks, count, pace });
        tell(&sender, Begin).await;
        sender
    }

    async fn node(_: u64, clock: Clock) -> ActorRef<Node> {
        Node::spawn(Node { next: None, clock })
    }

    async fn connect(node: &ActorRef<Node>, next: ActorRef<Node>) {
        tell(node, Neighbour(next)).await;
    }

    async fn pass(node: &ActorRef<Node>, hops: u64) {
        tell(node, Tick(hops)).await;
    }

    async fn server() -> ActorRef<Server> {
        Server::spawn(Server)
    }

    async fn call(server: &ActorRef<Server>, number: u64) -> u64 {
        server.ask(Ask(number)).await.expect("the server answers")
    }

    async fn skynet(total: Total) {
        let leaves = total.leaves;
        Tree::spawn(Tree::new(Parent::Bench(total), 0, leaves));
    }

    async fn restarts(count: u64, _: Crash, clock: Clock) {
        let supervisor = Supervisor::spawn(());
        let child = Child::supervise(&supervisor, Child(clock.clone()))
            .restart_policy(RestartPolicy::Permanent)
            .restart_limit(u32::MAX, Duration::from_secs(1))
            .spawn()
            .await;
        clock.batch().await;
        clock.start();
        for n in 0..count {
            tell(&child, Tick(n)).await;
            clock.batch().await;
        }
        std::future::pending::<()>().await;
    }
}

struct Sink {
    ticks: u64,
    then: Then,
    clock: Clock,
}

impl Actor for Sink {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(sink: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        if sink.ticks == 0 {
            sink.clock.hit();
        }
        Ok(sink)
    }
}

impl Message<Tick> for Sink {
    type Reply = ();

    async fn handle(&mut self, _: Tick, context: &mut Context<Self, ()>) {
        self.ticks -= 1;
        if self.ticks == 0 {
            self.clock.hit();
            if self.then == Then::Leave {
                context.stop();
            }
        }
    }
}

struct Sender {
    sinks: Vec<ActorRef<Sink>>,
    count: u64,
    pace: Pace,
}

impl Actor for Sender {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(sender: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(sender)
    }
}

impl Message<Begin> for Sender {
    type Reply = ();

    async fn handle(&mut self, _: Begin, _: &mut Context<Self, ()>) {
        for (n, sink) in (0..self.count).zip(self.sinks.iter().cycle()) {
            tell(sink, Tick(n)).await;
            if self.pace.gives_way_after(n) {
                tokio::task::yield_now().await;
            }
        }
    }
}

struct Node {
    next: Option<ActorRef<Node>>,
    clock: Clock,
}

impl Actor for Node {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(node: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(node)
    }
}

impl Message<Neighbour> for Node {
    type Reply = ();

    async fn handle(&mut self, Neighbour(next): Neighbour, _: &mut Context<Self, ()>) {
        self.next = Some(next);
    }
}

impl Message<Tick> for Node {
    type Reply = ();

    async fn handle(&mut self, Tick(hops): Tick, _: &mut Context<Self, ()>) {
        match &self.next {
            Some(next) if hops > 0 => tell(next, Tick(hops - 1)).await,
            _ => self.clock.hit(),
        }
    }
}

struct Server;

impl Actor for Server {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(server: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(server)
    }
}

impl Message<Ask> for Server {
    type Reply = u64;

    async fn handle(&mut self, Ask(number): Ask, _: &mut Context<Self, u64>) -> u64 {
        number + 1
    }
}

enum Parent {
    Bench(Total),
    Branch(ActorRef<Tree>),
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
    type Args = Self;
    type Error = Infallible;

    async fn on_start(tree: Self, me: ActorRef<Self>) -> Result<Self, Infallible> {
        match &tree.parent {
            Parent::Branch(parent) if tree.leaves == 1 => {
                tell(parent, Tick(tree.number)).await;
                me.kill();
            }
            _ => {
                let part = tree.leaves / 10;
                for n in 0..10 {
                    let parent = Parent::Branch(me.clone());
                    Self::spawn(Self::new(parent, tree.number + n * part, part));
                }
            }
        }
        Ok(tree)
    }
}

impl Message<Tick> for Tree {
    type Reply = ();

    async fn handle(&mut self, Tick(part): Tick, context: &mut Context<Self, ()>) {
        self.sum += part;
        self.missing -= 1;
        if self.missing == 0 {
            match &self.parent {
                Parent::Branch(parent) => tell(parent, Tick(self.sum)).await,
                Parent::Bench(total) => total.is(self.sum),
            }
            context.stop();
        }
    }
}

struct Supervisor;

impl Actor for Supervisor {
    type Args = ();
    type Error = Infallible;

    fn supervision_strategy() -> SupervisionStrategy {
        SupervisionStrategy::OneForOne
    }

    async fn on_start((): (), _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[derive(Clone)]
struct Child(Clock);

impl Actor for Child {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(child: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        child.0.hit();
        Ok(child)
    }
}

impl Message<Tick> for Child {
    type Reply = ();

    async fn handle(&mut self, _: Tick, _: &mut Context<Self, ()>) {
        panic!("a crash")
    }
}

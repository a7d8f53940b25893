//! ractor, with its default features: an actor is a type, and its state another.

use peers::peer::{NO_SELECTIVE_RECEIVE, run_on_tokio};
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent, call};

struct Ractor;

enum Message {
    Tick(u64),
    Next(ActorRef<Message>),
    Ask(u64, RpcReplyPort<u64>),
}

type Outcome<T> = Result<T, ActorProcessingErr>;

fn main() {
    peers::main::<Ractor>();
}

async fn start<A>(actor: A, arguments: A::Arguments) -> ActorRef<A::Msg>
where
    A: Actor,
{
    Actor::spawn(None, actor, arguments).await.expect("it starts").0
}

impl Peer for Ractor {
    type Sink = ActorRef<Message>;
    type Sender = ActorRef<Message>;
    type Node = ActorRef<Message>;
    type Server = ActorRef<Message>;

    fn lacks(kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::CallBehind { .. } | Kind::RequestBehind { .. } => Some(NO_SELECTIVE_RECEIVE),
            _ => None,
        }
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        run_on_tokio(workers, driver);
    }

    async fn sink(_: u64, ticks: u64, then: Then, clock: Clock) -> ActorRef<Message> {
        start(Sink, Remaining { ticks, then, clock }).await
    }

    async fn tick(sink: &ActorRef<Message>) {
        let _ = sink.cast(Message::Tick(0));
    }

    async fn sender(
        _: u64,
        sinks: Vec<ActorRef<Message>>,
        count: u64,
        pace: Pace,
    ) -> ActorRef<Message> {
        let sender = start(Sender, (sinks, count, pace)).await;
        let _ = sender.cast(Message::Tick(0));
        sender
    }

    async fn node(_: u64, clock: Clock) -> ActorRef<Message> {
        start(Node, clock).await
    }

    async fn connect(node: &ActorRef<Message>, next: ActorRef<Message>) {
        let _ = node.cast(Message::Next(next));
    }

    async fn pass(node: &ActorRef<Message>, hops: u64) {
        let _ = node.cast(Message::Tick(hops));
    }

    async fn server() -> ActorRef<Message> {
        start(Server, ()).await
    }

    async fn call(server: &ActorRef<Message>, number: u64) -> u64 {
        call!(server, Message::Ask, number).expect("the server answers")
    }

    async fn skynet(total: Total) {
        let leaves = total.leaves;
        start(Branch, Tree::new(Parent::Bench(total), 0, leaves)).await;
    }

    async fn restarts(_: u64, crash: Crash, clock: Clock) {
        let supervisor = start(Supervisor, (crash, clock.clone())).await;
        clock.batch().await;
        clock.start();
        let _ = supervisor.cast(Message::Tick(0));
        std::future::pending::<()>().await;
    }
}

struct Sink;

struct Remaining {
    ticks: u64,
    then: Then,
    clock: Clock,
}

impl Actor for Sink {
    type Msg = Message;
    type State = Remaining;
    type Arguments = Remaining;

    async fn pre_start(&self, _: ActorRef<Message>, remaining: Remaining) -> Outcome<Remaining> {
        if remaining.ticks == 0 {
            remaining.clock.hit();
        }
        Ok(remaining)
    }

    async fn handle(&self, me: ActorRef<Message>, _: Message, own: &mut Remaining) -> Outcome<()> {
        own.ticks -= 1;
        if own.ticks == 0 {
            own.clock.hit();
            if own.then == Then::Leave {
                me.stop(None);
            }
        }
        Ok(())
    }
}

struct Sender;

impl Actor for Sender {
    type Msg = Message;
    type State = (Vec<ActorRef<Message>>, u64, Pace);
    type Arguments = Self::State;

    async fn pre_start(&self, _: ActorRef<Message>, own: Self::State) -> Outcome<Self::State> {
        Ok(own)
    }

    async fn handle(&self, _: ActorRef<Message>, _: Message, own: &mut Self::State) -> Outcome<()> {
        let (sinks, count, pace) = own;
        for (n, sink) in (0..*count).zip(sinks.iter().cycle()) {
            let _ = sink.cast(Message::Tick(n));
            if pace.gives_way_after(n) {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }
}

struct Node;

impl Actor for Node {
    type Msg = Message;
    type State = (Option<ActorRef<Message>>, Clock);
    type Arguments = Clock;

    async fn pre_start(&self, _: ActorRef<Message>, clock: Clock) -> Outcome<Self::State> {
        Ok((None, clock))
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        (next, clock): &mut Self::State,
    ) -> Outcome<()> {
        match (message, next) {
            (Message::Next(node), next) => *next = Some(node),
            (Message::Tick(0), _) => clock.hit(),
            (Message::Tick(hops), Some(next)) => drop(next.cast(Message::Tick(hops - 1))),
            _ => {}
        }
        Ok(())
    }
}

struct Server;

impl Actor for Server {
    type Msg = Message;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Message>, (): ()) -> Outcome<()> {
        Ok(())
    }

    async fn handle(&self, _: ActorRef<Message>, message: Message, (): &mut ()) -> Outcome<()> {
        if let Message::Ask(number, answer) = message {
            let _ = answer.send(number + 1);
        }
        Ok(())
    }
}

enum Parent {
    Bench(Total),
    Branch(ActorRef<Message>),
}

struct Branch;

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

impl Actor for Branch {
    type Msg = Message;
    type State = Tree;
    type Arguments = Tree;

    async fn pre_start(&self, _: ActorRef<Message>, tree: Tree) -> Outcome<Tree> {
        Ok(tree)
    }

    async fn post_start(&self, me: ActorRef<Message>, tree: &mut Tree) -> Outcome<()> {
        match &tree.parent {
            Parent::Branch(parent) if tree.leaves == 1 => {
                let _ = parent.cast(Message::Tick(tree.number));
                me.stop(None);
            }
            _ => {
                let part = tree.leaves / 10;
                for n in 0..10 {
                    let parent = Parent::Branch(me.clone());
                    start(Branch, Tree::new(parent, tree.number + n * part, part)).await;
                }
            }
        }
        Ok(())
    }

    async fn handle(&self, me: ActorRef<Message>, part: Message, tree: &mut Tree) -> Outcome<()> {
        let Message::Tick(part) = part else { return Ok(()) };
        tree.sum += part;
        tree.missing -= 1;
        if tree.missing == 0 {
            match &tree.parent {
                Parent::Branch(parent) => drop(parent.cast(Message::Tick(tree.sum))),
                Parent::Bench(total) => total.is(tree.sum),
            }
            me.stop(None);
        }
        Ok(())
    }
}

/// ractor starts nothing anew by itself: a supervisor does when it hears of the failure.
struct Supervisor;

impl Actor for Supervisor {
    type Msg = Message;
    type State = (Crash, Clock, ActorRef<Message>);
    type Arguments = (Crash, Clock);

    async fn pre_start(
        &self,
        me: ActorRef<Message>,
        (crash, clock): Self::Arguments,
    ) -> Outcome<Self::State> {
        let (child, _) =
            Actor::spawn_linked(None, Child, (crash, clock.clone()), me.into()).await?;
        Ok((crash, clock, child))
    }

    async fn handle(&self, _: ActorRef<Message>, _: Message, own: &mut Self::State) -> Outcome<()> {
        let _ = own.2.cast(Message::Tick(0));
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        me: ActorRef<Message>,
        event: SupervisionEvent,
        own: &mut Self::State,
    ) -> Outcome<()> {
        if let SupervisionEvent::ActorFailed(..) = event {
            let (child, _) =
                Actor::spawn_linked(None, Child, (own.0, own.1.clone()), me.into()).await?;
            let _ = child.cast(Message::Tick(0));
            own.2 = child;
        }
        Ok(())
    }
}

struct Child;

impl Actor for Child {
    type Msg = Message;
    type State = Crash;
    type Arguments = (Crash, Clock);

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        (crash, clock): Self::Arguments,
    ) -> Outcome<Crash> {
        clock.hit();
        Ok(crash)
    }

    async fn handle(&self, _: ActorRef<Message>, _: Message, crash: &mut Crash) -> Outcome<()> {
        match crash {
            Crash::Panic => panic!("a crash"),
            Crash::Error => Err("a crash".into()),
        }
    }
}

//! Plain tokio, to which all others are compared: an actor is a task and an unbounded channel.

use std::pin::Pin;

use peers::peer::{NO_SELECTIVE_RECEIVE, run_on_tokio};
use peers::{Clock, Crash, Kind, Pace, Peer, Then, Total};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

struct Tokio;

enum Message {
    Tick(u64),
    Next(Address),
    Ask(u64, oneshot::Sender<u64>),
}

type Address = mpsc::UnboundedSender<Message>;
type Mailbox = mpsc::UnboundedReceiver<Message>;

fn main() {
    peers::main::<Tokio>();
}

fn start<F: Future<Output = ()> + Send + 'static>(body: impl FnOnce(Mailbox) -> F) -> Address {
    let (address, mailbox) = mpsc::unbounded_channel();
    tokio::spawn(body(mailbox));
    address
}

impl Peer for Tokio {
    type Sink = Address;
    type Sender = ();
    type Node = Address;
    type Server = Address;

    fn lacks(kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::CallBehind { .. } | Kind::RequestBehind { .. } => Some(NO_SELECTIVE_RECEIVE),
            Kind::Restart(Crash::Error) => Some("the loop around a task is the one for panics"),
            _ => None,
        }
    }

    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
        run_on_tokio(workers, driver);
    }

    async fn sink(_: u64, ticks: u64, then: Then, clock: Clock) -> Address {
        start(move |mut mailbox| async move {
            for _ in 0..ticks {
                mailbox.recv().await;
            }
            clock.hit();
            if then == Then::Stay {
                mailbox.recv().await;
            }
        })
    }

    async fn tick(sink: &Address) {
        let _ = sink.send(Message::Tick(0));
    }

    async fn sender(_: u64, sinks: Vec<Address>, count: u64, pace: Pace) {
        tokio::spawn(async move {
            for (n, sink) in (0..count).zip(sinks.iter().cycle()) {
                let _ = sink.send(Message::Tick(n));
                if pace.gives_way_after(n) {
                    yield_now().await;
                }
            }
        });
    }

    async fn node(_: u64, clock: Clock) -> Address {
        start(move |mut mailbox| async move {
            let Some(Message::Next(next)) = mailbox.recv().await else { return };
            while let Some(Message::Tick(hops)) = mailbox.recv().await {
                if hops == 0 {
                    clock.hit();
                } else {
                    let _ = next.send(Message::Tick(hops - 1));
                }
            }
        })
    }

    async fn connect(node: &Address, next: Address) {
        let _ = node.send(Message::Next(next));
    }

    async fn pass(node: &Address, hops: u64) {
        let _ = node.send(Message::Tick(hops));
    }

    async fn server() -> Address {
        start(|mut mailbox| async move {
            while let Some(Message::Ask(number, answer)) = mailbox.recv().await {
                let _ = answer.send(number + 1);
            }
        })
    }

    async fn call(server: &Address, number: u64) -> u64 {
        let (answer, answered) = oneshot::channel();
        let _ = server.send(Message::Ask(number, answer));
        answered.await.expect("the server lives")
    }

    async fn skynet(total: Total) {
        let (address, mut mailbox) = mpsc::unbounded_channel();
        skynet_node(address, 0, total.leaves);
        if let Some(Message::Tick(sum)) = mailbox.recv().await {
            total.is(sum);
        }
    }

    /// The nearest thing to a supervisor: a loop that waits for the task to end.
    async fn restarts(count: u64, _: Crash, clock: Clock) {
        clock.hit();
        clock.start();
        for _ in 0..count {
            let (address, mut mailbox) = mpsc::unbounded_channel::<Message>();
            let child = tokio::spawn(async move {
                mailbox.recv().await;
                panic!("a crash");
            });
            let _ = address.send(Message::Tick(0));
            let ended: Result<(), _> = child.await;
            assert!(ended.is_err());
            clock.hit();
        }
    }
}

fn skynet_node(parent: Address, number: u64, leaves: u64) {
    let (address, mailbox) = mpsc::unbounded_channel();
    if leaves == 1 {
        tokio::spawn(async move {
            // As every actor, it could be sent to.
            let _kept = (address, mailbox);
            let _ = parent.send(Message::Tick(number));
        });
    } else {
        tokio::spawn(skynet_branch(parent, address, mailbox, number, leaves));
    }
}

fn skynet_branch(
    parent: Address,
    address: Address,
    mut mailbox: Mailbox,
    number: u64,
    leaves: u64,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let part = leaves / 10;
        for n in 0..10 {
            skynet_node(address.clone(), number + n * part, part);
        }
        let mut sum = 0;
        for _ in 0..10 {
            let Some(Message::Tick(part)) = mailbox.recv().await else { return };
            sum += part;
        }
        let _ = parent.send(Message::Tick(sum));
    })
}

//! What a peer brings: its actors, each written as a user of it would write them.
//!
//! A method starts an actor or sends it a message, and no more; what is done with them, and when
//! the clock starts, is the same for all and stands in [`driver`](crate::driver).

use std::future::Future;

use crate::{Clock, Crash, Kind, Pace, Total};

/// What a receiver does after the last of its ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It hits the clock and waits on.
    Stay,
    /// It ends and hits the clock.
    Leave,
}

/// A framework, or plain tokio.
///
/// `place` is a number that counts up: actors that are bound to threads are spread by it. Handles
/// are kept by the driver for as long as they are used, since some peers' actors end with them.
pub trait Peer: Sized + 'static {
    /// An actor that receives ticks.
    type Sink: Clone + Send + Sync + 'static;
    /// An actor that sends ticks.
    type Sender: Send + 'static;
    /// An actor that passes a number on, less one, and hits the clock when it is 0.
    type Node: Clone + Send + Sync + 'static;
    /// An actor that answers a number with the next one.
    type Server: Send + Sync + 'static;

    /// Why it cannot do this, if it cannot.
    fn lacks(kind: Kind) -> Option<&'static str>;

    /// Runs `driver` on as many threads, none of them the caller's, and returns at once.
    fn run(workers: usize, driver: impl Future<Output = ()> + Send + 'static);

    /// Starts an actor that receives so many ticks. None: it hits the clock when it starts.
    fn sink(
        place: u64,
        ticks: u64,
        then: Then,
        clock: Clock,
    ) -> impl Future<Output = Self::Sink> + Send;

    /// Sends a tick.
    fn tick(sink: &Self::Sink) -> impl Future<Output = ()> + Send;

    /// Starts an actor that sends `count` ticks, to each of `sinks` in turn.
    fn sender(
        place: u64,
        sinks: Vec<Self::Sink>,
        count: u64,
        pace: Pace,
    ) -> impl Future<Output = Self::Sender> + Send;

    /// Starts a node that does not know the next one yet.
    fn node(place: u64, clock: Clock) -> impl Future<Output = Self::Node> + Send;

    /// Tells a node which one is next.
    fn connect(node: &Self::Node, next: Self::Node) -> impl Future<Output = ()> + Send;

    /// Gives a node a number to pass on.
    fn pass(node: &Self::Node, hops: u64) -> impl Future<Output = ()> + Send;

    /// Starts a server.
    fn server() -> impl Future<Output = Self::Server> + Send;

    /// Calls the server, and returns the answer.
    fn call(server: &Self::Server, number: u64) -> impl Future<Output = u64> + Send;

    /// Starts the tree.
    fn skynet(total: Total) -> impl Future<Output = ()> + Send;

    /// Makes a supervised actor fail so often. The clock has a batch for each start, the first
    /// included, and is to be started after that.
    fn restarts(count: u64, crash: Crash, clock: Clock) -> impl Future<Output = ()> + Send;

    /// Puts so many messages that nobody wants into the driver's own mailbox.
    fn fill_mailbox(count: u64) -> impl Future<Output = ()> + Send {
        let _ = count;
        async { unreachable!("`lacks` says that there is no selective receive") }
    }

    /// Sends the server a number and selects the answer from the driver's own mailbox.
    fn request(server: &Self::Server, number: u64) -> impl Future<Output = u64> + Send {
        let _ = (server, number);
        async { unreachable!("`lacks` says that there is no selective receive") }
    }
}

/// Why there is nothing to measure behind waiting messages.
pub const NO_SELECTIVE_RECEIVE: &str = "no selective receive";

/// Runs the driver on tokio: with one worker on a runtime of one thread, as a user who wants one
/// thread would.
///
/// # Panics
///
/// If the runtime does not start; on its own thread, so nothing is measured.
#[cfg(feature = "hosted")]
pub fn run_on_tokio(workers: usize, driver: impl Future<Output = ()> + Send + 'static) {
    use tokio::runtime::Builder;

    std::thread::spawn(move || {
        let mut builder = match workers {
            1 => Builder::new_current_thread(),
            _ => Builder::new_multi_thread(),
        };
        let runtime = builder.worker_threads(workers).enable_all().build();
        runtime.expect("a runtime starts").block_on(async {
            // A task of its own: what `block_on` polls itself is no task, and woken otherwise.
            tokio::spawn(driver);
            std::future::pending::<()>().await;
        });
    });
}

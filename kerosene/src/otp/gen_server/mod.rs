//! Servers: a state, and callbacks that messages run on it, one after the other.
//!
//! [`GenServer`] is what a server has to be; `server` is the loop that receives for it. The
//! `#[actor]` macro writes the `impl` of the trait from a module's methods; by hand it is a good
//! choice where requests are an enum of one's own.

mod next;
mod server;
mod unknown;

use std::any::type_name;
use std::panic::Location;

pub use next::{IdleTimeout, Init, IntoInit, IntoNext, Next};
pub(super) use server::Parentage;
use server::serve;
pub(crate) use unknown::unknown;

use super::start::{self, StartError, StartOptions};
use super::supervisor::ChildSpec;
use super::sys::Inspect;
use crate::{ExitReason, Message, Monitor, Name, Pid};

/// A server: a state, and what messages do to it.
///
/// The callbacks run one at a time, in the order of the mailbox. None of them is cancelled by
/// anything but the end of the process. They return what the server does [`Next`].
///
/// ```
/// use kerosene::otp::{GenServer, Init, StartOptions, gen_server};
/// use kerosene::prelude::*;
///
/// struct Counter {
///     count: u64,
/// }
///
/// enum Request {
///     Add(u64, ReplyTo<u64>),
///     Stop,
/// }
///
/// impl GenServer for Counter {
///     type Args = u64;
///     type Request = Request;
///
///     async fn init(count: u64) -> Init<Self> {
///         Init::Ready(Self { count })
///     }
///
///     async fn handle_request(&mut self, request: Request) -> Next {
///         match request {
///             Request::Add(n, reply_to) => {
///                 self.count += n;
///                 reply_to.reply(self.count);
///                 Next::Continue
///             }
///             Request::Stop => Next::Stop(ExitReason::Normal),
///         }
///     }
/// }
///
/// kerosene::run(async {
///     let counter = gen_server::start_link::<Counter>(StartOptions::new(), 4).await?;
///     assert_eq!(call_with(counter, |to| Request::Add(3, to)).await, Ok(7));
///     cast(counter, Request::Stop);
///     Ok::<(), kerosene::otp::StartError>(())
/// });
/// ```
///
/// In Erlang: the behaviour `gen_server`. `handle_call` and `handle_cast` are one callback here,
/// since a request that is answered has a [`ReplyTo`](crate::ReplyTo) in it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a server",
    label = "expected a type that implements `GenServer`",
    note = "`#[kerosene::actor]` on a module makes one of the module's state"
)]
pub trait GenServer: Sized + Send + 'static {
    /// What it is started with.
    type Args: Send + 'static;

    /// What is asked of it. Other messages go to [`handle_info`](Self::handle_info).
    type Request: Send + 'static;

    /// Makes the state, in the new process. Whoever starts the server waits for it.
    ///
    /// A `Result` of the state becomes an [`Init`] by [`IntoInit`]. A panic or an
    /// [`exit`](crate::exit) is a crash, which also ends a starter that is linked.
    fn init(args: Self::Args) -> impl Future<Output = Init<Self>> + Send;

    /// Handles a request.
    fn handle_request(&mut self, request: Self::Request) -> impl Future<Output = Next> + Send;

    /// Handles any other message. As it is, it logs the first of each type and drops them.
    fn handle_info(&mut self, message: Message) -> impl Future<Output = Next> + Send {
        unknown(type_name::<Self>(), &message);
        async { Next::Continue }
    }

    /// Goes on with what [`Next::ContinueWith`] carries, before any message is received.
    fn handle_continue(&mut self, what: Message) -> impl Future<Output = Next> + Send {
        unknown(type_name::<Self>(), &what);
        async { Next::Continue }
    }

    /// Tidies up before the end.
    ///
    /// It runs when a callback has said [`Next::Stop`] or has crashed, when somebody has called
    /// [`sys::stop`](super::sys::stop), and when the parent's exit signal has arrived at a server
    /// that traps exits. It does not run when the process is killed, nor when an exit signal ends a
    /// server that does not trap exits: then the state is dropped, as everything is.
    fn terminate(self, reason: &ExitReason) -> impl Future<Output = ()> + Send {
        let _ = reason;
        drop(self);
        async {}
    }

    /// The state as text, for [`sys::get_state`](super::sys::get_state).
    fn describe(&self) -> String {
        type_name::<Self>().to_owned()
    }
}

impl<S: GenServer> Inspect for S {
    fn describe(&self) -> String {
        GenServer::describe(self)
    }
}

/// Starts a server, without a link, and waits until it is ready.
///
/// # Errors
///
/// [`StartError`]; the process is dead then, and its names are free.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `gen_server:start/3,4`.
#[track_caller]
pub fn start<S: GenServer>(
    options: StartOptions,
    args: S::Args,
) -> impl Future<Output = Result<Pid, StartError>> + Send {
    start::start(options, |starting| serve::<S>(starting, args, Parentage::None))
}

/// Starts a server that is linked to the current process, and waits until it is ready.
///
/// # Errors
///
/// [`StartError`]; the process is dead then, its names are free, and no `Exit` of it is left.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `gen_server:start_link/3,4`.
#[track_caller]
pub fn start_link<S: GenServer>(
    options: StartOptions,
    args: S::Args,
) -> impl Future<Output = Result<Pid, StartError>> + Send {
    start::start_link(options, |starting| serve::<S>(starting, args, Parentage::Linked))
}

/// Starts a server that the current process monitors, and waits until it is ready.
///
/// # Errors
///
/// [`StartError`]; the process is dead then, its names are free, and no `Down` of it is left.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `gen_server:start_monitor/3,4`.
#[track_caller]
pub fn start_monitor<S: GenServer>(
    options: StartOptions,
    args: S::Args,
) -> impl Future<Output = Result<(Pid, Monitor), StartError>> + Send {
    start::start_monitor(options, |starting| serve::<S>(starting, args, Parentage::None))
}

/// A server as the child of a supervisor, started with the same options and arguments each time.
///
/// ```
/// # use kerosene::otp::{GenServer, Init, StartError, StartOptions, gen_server};
/// # use kerosene::prelude::*;
/// # struct Counter(u64);
/// # impl GenServer for Counter {
/// #     type Args = u64;
/// #     type Request = ReplyTo<u64>;
/// #     async fn init(count: u64) -> Init<Self> {
/// #         Init::Ready(Self(count))
/// #     }
/// #     async fn handle_request(&mut self, reply_to: ReplyTo<u64>) -> Next {
/// #         reply_to.reply(self.0);
/// #         Next::Continue
/// #     }
/// # }
/// # kerosene::run(async {
/// let options = StartOptions::new().name("counter");
/// let counter = gen_server::child_spec::<Counter>("counter", options, 4);
/// Supervisor::default().child(counter).start_link().await?;
/// assert_eq!(call_with("counter", |to: ReplyTo<u64>| to).await, Ok(4));
/// # Ok::<(), StartError>(())
/// # });
/// ```
///
/// In Erlang: a child spec with `gen_server:start_link/4` as its start.
#[track_caller]
pub fn child_spec<S>(id: impl Into<Name>, options: StartOptions, args: S::Args) -> ChildSpec
where
    S: GenServer<Args: Clone + Sync>,
{
    let options = options.called_from(Location::caller());
    ChildSpec::new(id, move || start_link::<S>(options.clone(), args.clone()))
}

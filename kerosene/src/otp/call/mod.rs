//! Requests and their answers.
//!
//! A request travels as a message like any other, and with it a [`ReplyTo`], the one right to
//! answer. The answer does not travel through the mailbox: it is put into a [`Cell`](cell::Cell)
//! that the caller and the `ReplyTo` know, and the caller is woken. From this follows what
//! Erlang needs a monitor, an alias and a reference for:
//!
//! - CL1: a caller gets one answer or one error, never both, and nothing of a call can ever be in
//!   its mailbox, however late it comes.
//! - CL2: whoever has the `ReplyTo` owes the answer. When it is dropped unanswered, the caller is
//!   told at once; and when it is dropped by the end of a process, with the reason of that.
//! - CL3: what a call costs does not depend on what else is in the caller's mailbox.
//! - CL4: an answer that has come beats a time-out that is over.
//!
//! Read on in [`cell`] (the one place where caller and answerer meet), [`cells`] (where it comes
//! from), [`reply_to`] and [`calling`]
//! (the two ends of it), and [`deadlock`] (calls that wait for each other).

mod blocking;
mod calling;
mod cell;
mod cells;
mod deadlock;
mod error;
#[cfg(all(test, kerosene_loom))]
mod loom_tests;
mod pending;
mod reply_to;
mod requests;

use std::time::Duration;

pub use blocking::blocking_call;
pub use calling::Calling;
pub use error::CallError;
pub use pending::Pending;
pub(crate) use reply_to::owe_until_the_end;
pub use reply_to::{Answer, ReplyTo};
pub use requests::{Requests, multi_call};

use crate::{Destination, send};

/// How long a call waits unless told otherwise.
///
/// In Erlang: the same 5000 milliseconds of `gen_server:call/2`.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// A message that is answered, and what with.
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Square(u64);
///
/// impl Request for Square {
///     type Reply = u64;
/// }
/// # let _ = Square(1).0;
/// ```
///
/// In Erlang: agreed upon in prose.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request: nothing says what it is answered with",
    label = "this is not a `Request`",
    note = "write `impl Request for {Self} {{ type Reply = ...; }}`, or use `call_with`"
)]
pub trait Request: Send + 'static {
    /// The answer.
    type Reply: Send + 'static;
}

/// A request as its receiver sees it: what is asked, and the right to answer.
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Square(u64);
///
/// impl Request for Square {
///     type Reply = u64;
/// }
///
/// kerosene::run(async {
///     let server = spawn(async {
///         loop {
///             receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
///         }
///     });
///     assert_eq!(call(server, Square(7)).await, Ok(49));
/// });
/// ```
///
/// In Erlang: `{'$gen_call', From, Request}`.
#[derive(Debug)]
pub struct Call<R: Request> {
    /// What is asked.
    pub request: R,
    /// Whom to answer.
    pub reply_to: ReplyTo<R::Reply>,
}

impl<R: Request> Call<R> {
    /// Answers with what `handler` makes of the request.
    ///
    /// The same as running it and [`reply`](ReplyTo::reply) in two steps, except that the runtime
    /// knows in between where the answer will come from. Calls that `handler` makes can then be
    /// recognised as part of a [deadlock](CallError::Deadlock).
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// struct Square(u64);
    ///
    /// impl Request for Square {
    ///     type Reply = u64;
    /// }
    ///
    /// kerosene::run(async {
    ///     let server = spawn(async {
    ///         receive! { question: Call<Square> => {
    ///             question.answer(async |Square(n)| n * n).await;
    ///         } }
    ///     });
    ///     assert_eq!(call(server, Square(7)).await, Ok(49));
    /// });
    /// ```
    pub async fn answer(self, handler: impl AsyncFnOnce(R) -> R::Reply) {
        self.reply_to.answer_with(handler(self.request)).await;
    }
}

/// Asks a process, and waits for its answer.
///
/// The request arrives as a [`Call`]. Nothing is sent before the call is awaited; then it waits for
/// [`DEFAULT_TIMEOUT`], five seconds, or as long as [`Calling::timeout`] says. Dropping it gives
/// the answer up, and so does a time-out. The process that was asked is not told, but can find out
/// ([`ReplyTo::is_wanted`]); an answer that comes later is dropped, and never seen.
///
/// It works in processes and in plain tokio tasks; on plain threads use [`Calling::block`].
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Name;
///
/// impl Request for Name {
///     type Reply = String;
/// }
///
/// kerosene::run(async {
///     let shy = spawn(async { receive! { Call { request: Name, reply_to } => drop(reply_to) } });
///     assert_eq!(call(shy, Name).await, Err(CallError::NoReply));
///     assert_eq!(call("nobody", Name).await, Err(CallError::NoProc));
///     let deaf = spawn(async { sleep(Duration::MAX).await });
///     let late = call(deaf, Name).timeout(Duration::from_millis(10)).await;
///     assert_eq!(late, Err(CallError::Timeout));
/// });
/// ```
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: `gen_server:call/2,3`, which exits where this returns an error.
#[inline]
pub fn call<R: Request>(dest: impl Destination, request: R) -> Calling<R::Reply> {
    call_with(dest, |reply_to| Call { request, reply_to })
}

/// Asks a process with a message of any type that carries a [`ReplyTo`], and waits for the answer.
///
/// For protocols that are an enum. In all else it is [`call`].
///
/// ```
/// use kerosene::prelude::*;
///
/// enum Counter {
///     Add(u64),
///     Total(ReplyTo<u64>),
/// }
///
/// kerosene::run(async {
///     let counter = spawn(async {
///         let mut total = 0;
///         loop {
///             receive! {
///                 Counter::Add(n) => total += n,
///                 Counter::Total(reply_to) => reply_to.reply(total),
///             }
///         }
///     });
///     cast(counter, Counter::Add(3));
///     assert_eq!(call_with(counter, Counter::Total).await, Ok(3));
/// });
/// ```
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: no equivalent.
#[inline]
pub fn call_with<T, M>(dest: impl Destination, message: impl FnOnce(ReplyTo<T>) -> M) -> Calling<T>
where
    T: Send + 'static,
    M: Send + 'static,
{
    Calling::new(&dest.dest(), message)
}

/// Sends a request now, and returns what its answer can be awaited with.
///
/// For several requests at once: send them all, and await the answers in any order, or gather them
/// with [`Requests`]. There is no time-out but the one given to [`Pending::receive`].
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Square(u64);
///
/// impl Request for Square {
///     type Reply = u64;
/// }
///
/// kerosene::run(async {
///     let servers = [2, 3].map(|_| spawn(async {
///         receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
///     }));
///     let [two, three] = [(servers[0], 2), (servers[1], 3)]
///         .map(|(server, n)| send_request(server, Square(n)));
///     assert_eq!((three.await, two.await), (Ok(9), Ok(4)));
/// });
/// ```
///
/// In Erlang: `gen_server:send_request/2`.
pub fn send_request<R: Request>(dest: impl Destination, request: R) -> Pending<R::Reply> {
    call(dest, request).send()
}

/// Tells a server something, without waiting and without an answer.
///
/// The same as [`send`](crate::send); the word says to a reader that the message is one of the
/// server's requests. It never fails, also if there is no such process.
///
/// In Erlang: `gen_server:cast/2`.
pub fn cast<M: Send + 'static>(dest: impl Destination, request: M) {
    send(dest, request);
}

//! The right to answer, and what becomes of it when it is not used.
//!
//! A `ReplyTo` that is dropped fails its call. With which error depends on why it is dropped:
//!
//! - O1: in the very `send` that should have delivered it: there is no such process.
//! - O2: by the end of a process, which drops what it holds and what is in its mailbox: the process
//!   has exited, with the reason of that.
//! - O3: while a panic or an `exit` unwinds a process, the reason is not known yet. The debt is
//!   put into the dictionary of the process, which is dropped at its end (O2).
//!   The same goes for a server that is about to end in good order.
//! - O4: otherwise somebody did not want to answer.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use super::CallError;
use super::cell::{Outcome, UseId, bind, is_open, settle};
use crate::{Destination, Message, ending, get, in_process, put, send, try_pid};

/// Where O3 keeps what is owed.
const UNANSWERED: &str = "$unanswered";

thread_local! {
    /// Set while this thread sends a request (O1), to see whether it is dropped in there.
    static SENDING: Cell<Sending> = const { Cell::new(Sending::Nothing) };
}

/// What became of the request that this thread sends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sending {
    Nothing,
    /// The request of this use of a cell.
    Request(UseId),
    /// It was dropped.
    Dropped,
}

/// The right to answer a call: once, from anywhere, now or later.
///
/// It comes with the request ([`Call`](crate::Call)). It can be kept, sent to another process, or
/// moved into a tokio task or a thread; who has it answers. Whoever drops it unanswered tells the
/// caller so, with [`CallError::NoReply`], or, if it is dropped by the end of the process that held
/// it, with [`CallError::Exited`] and the reason.
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Slow;
///
/// impl Request for Slow {
///     type Reply = &'static str;
/// }
///
/// kerosene::run(async {
///     let server = spawn(async {
///         loop {
///             receive! { Call { request: Slow, reply_to } => {
///                 spawn(async move {
///                     sleep(Duration::from_millis(10)).await;
///                     reply_to.reply("done");
///                 });
///             } }
///         }
///     });
///     assert_eq!(call(server, Slow).await, Ok("done"));
/// });
/// ```
///
/// In Erlang: the `From` of `handle_call/3`, with which one can answer twice.
pub struct ReplyTo<T: Send + 'static> {
    /// Gone when it has been used.
    id: Option<UseId>,
    answer: PhantomData<fn(T)>,
}

impl<T: Send + 'static> ReplyTo<T> {
    #[inline]
    pub(super) fn new(id: Option<UseId>) -> Self {
        Self { id, answer: PhantomData }
    }

    /// Answers. If the caller has given up or has ended, the answer is dropped.
    ///
    /// In Erlang: `gen_server:reply/2`.
    pub fn reply(mut self, value: T) {
        if let Some(id) = self.id.take() {
            drop(settle(id, Ok(Message::new(value))));
        }
    }

    /// Answers with what a future returns.
    ///
    /// While it runs, the runtime knows that the answer comes from there and from nowhere else, so
    /// calls that it makes can be recognised as part of a [deadlock](CallError::Deadlock).
    pub async fn answer_with(self, answer: impl Future<Output = T>) {
        if let (Some(id), Some(here)) = (self.id, try_pid()) {
            bind(id, here);
        }
        self.reply(answer.await);
    }

    /// Puts the answer aside, to be given later by [`Answer::give`].
    pub fn prepare(self, value: T) -> Answer {
        Answer(Box::new(move || self.reply(value)))
    }

    /// Whether the caller still waits. Worth asking before expensive work; a moment later it may
    /// have given up.
    ///
    /// In Erlang: no equivalent.
    pub fn is_wanted(&self) -> bool {
        self.id.is_some_and(is_open)
    }
}

impl<T: Send + 'static> fmt::Debug for ReplyTo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReplyTo<{}>", std::any::type_name::<T>())
    }
}

impl<T: Send + 'static> Drop for ReplyTo<T> {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            unanswered(id);
        }
    }
}

/// An answer that is known but not yet given.
///
/// Dropped, it is no answer: the caller is told as by a dropped [`ReplyTo`].
#[must_use = "the caller waits for it"]
pub struct Answer(Box<dyn FnOnce() + Send>);

impl Answer {
    /// Gives it.
    pub fn give(self) {
        (self.0)();
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}

/// Sends a message with a `ReplyTo` for this use in it. If there is nobody to receive it, the use
/// is settled at once (O1).
#[inline]
pub(super) fn send_with(id: UseId, dest: impl Destination, message: Message) {
    let outer = SENDING.replace(Sending::Request(id));
    send(dest, message);
    if SENDING.replace(outer) == Sending::Dropped {
        fail(id, CallError::NoProc);
    }
}

/// Settles a use with an error. An outcome that came too late is dropped.
pub(super) fn fail(id: UseId, error: CallError) {
    let late: Option<Outcome> = settle(id, Err(error));
    drop(late);
}

#[cold]
fn unanswered(id: UseId) {
    if SENDING.get() == Sending::Request(id) {
        SENDING.set(Sending::Dropped);
        return;
    }
    match ending() {
        Some(reason) => fail(id, CallError::Exited(reason)),
        None if is_about_to_end() => keep_until_the_end(id),
        None => fail(id, CallError::NoReply),
    }
}

/// What a process still owes when its body is unwound (O3). If it catches that and lives on, they
/// are not told before its end.
type Debts = Arc<Mutex<Vec<ReplyTo<()>>>>;

/// From here on the current process answers by ending: what it drops unanswered fails at its end,
/// with its reason.
pub(crate) fn owe_until_the_end() {
    put(UNANSWERED, Debts::default());
}

fn is_about_to_end() -> bool {
    in_process() && (std::thread::panicking() || get::<Debts>(UNANSWERED).is_some())
}

fn keep_until_the_end(id: UseId) {
    let debts: Debts = get(UNANSWERED).unwrap_or_default();
    let debt = ReplyTo::new(Some(id));
    debts.lock().unwrap_or_else(PoisonError::into_inner).push(debt);
    put(UNANSWERED, debts);
}

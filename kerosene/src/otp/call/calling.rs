//! The caller's end: sends the request when it is first polled, and waits for the answer or a
//! time-out.
//!
//! A call that is answered soon, as most are, costs one look at the clock. Only one that has waited
//! for [`PATIENCE`] takes part in the search for deadlocks.
//!
//! What such a call needs is written where it stays: a value that is built elsewhere and moved here
//! at once is read before it is stored, and the processor waits.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::deadlock::{self, PATIENCE, Published, Watch};
use super::pending::Pending;
use super::reply_to::{ReplyTo, fail, send_with};
use super::{CallError, DEFAULT_TIMEOUT};
use crate::{
    Alias, Dest, Message, Pid, Reference, Sleep, in_process, make_ref, messages_seen, sleep,
    try_pid, whereis,
};

/// A call: what [`call`](crate::call) returns, and the methods of an actor's reference.
///
/// A future of the answer. The request is sent when it is first polled; dropping it gives the
/// answer up. A name is looked up when the call is made.
#[must_use = "a call does nothing unless it is awaited"]
pub struct Calling<T: Send + 'static> {
    pending: Pending<T>,
    to: To,
    /// What is to be sent, until it is.
    unsent: Option<Message>,
    timeout: Duration,
    /// By who is called, before it does anything else.
    is_answered_in_turn: bool,
    /// Runs from when the request is sent.
    timer: Sleep,
    /// What is left of the time-out when `timer` runs out.
    rest: Duration,
    /// Set when the request is sent.
    began: Option<Began>,
    watch: Option<Watch>,
}

/// What tells when the wait for the answer began.
#[derive(Clone, Copy)]
struct Began {
    /// Tells it from others that began at the same moment.
    reference: Reference,
    /// What the caller had looked at then.
    messages_seen: u64,
}

/// Whom a request is for.
#[derive(Clone, Copy)]
enum To {
    Pid(Pid),
    Alias(Alias),
    /// Nobody has the name.
    Nobody,
}

impl To {
    /// The process that is called, if it is known.
    #[inline]
    fn callee(self) -> Option<Pid> {
        match self {
            Self::Pid(pid) => Some(pid),
            Self::Alias(_) | Self::Nobody => None,
        }
    }
}

impl<T: Send + 'static> Calling<T> {
    #[inline]
    pub(super) fn new<M: Send + 'static>(
        dest: &Dest<'_>,
        message: impl FnOnce(ReplyTo<T>) -> M,
    ) -> Self {
        let to = match *dest {
            Dest::Pid(pid) => To::Pid(pid),
            Dest::Alias(alias) => To::Alias(alias),
            Dest::Name(name) => whereis(name).map_or(To::Nobody, To::Pid),
        };
        let pending = Pending::new();
        let unsent = Some(Message::new(message(ReplyTo::new(pending.id()))));
        Self {
            pending,
            to,
            unsent,
            timeout: DEFAULT_TIMEOUT,
            is_answered_in_turn: false,
            timer: sleep(Duration::MAX),
            rest: Duration::ZERO,
            began: None,
            watch: None,
        }
    }

    /// How long to wait for the answer. [`Duration::MAX`] is for ever.
    ///
    /// In Erlang: the third argument of `gen_server:call/3`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends the request now, as [`send_request`](crate::otp::send_request) does. The time-out of
    /// the call does not hold for what is returned.
    pub fn send(mut self) -> Pending<T> {
        self.send_now();
        self.pending
    }

    /// The process that is called answers this before it does anything else.
    #[inline]
    pub(crate) fn set_answered_in_turn(&mut self) {
        self.is_answered_in_turn = true;
    }

    pub(super) fn send_now(&mut self) {
        if let (Some(message), Some(id)) = (self.unsent.take(), self.pending.id()) {
            match self.to {
                To::Pid(pid) if try_pid() == Some(pid) => fail(id, CallError::CallingSelf),
                To::Pid(pid) => send_with(id, pid, message),
                To::Alias(alias) => send_with(id, alias, message),
                To::Nobody => fail(id, CallError::NoProc),
            }
        }
    }

    pub(super) fn time(&self) -> Duration {
        self.timeout
    }

    pub(super) fn pending(&mut self) -> &mut Pending<T> {
        &mut self.pending
    }

    /// Begins to wait before anything is sent: see [`deadlock`].
    #[inline]
    fn begin(&mut self) {
        let is_watched = self.to.callee().is_some() && self.timeout > PATIENCE && in_process();
        let messages_seen = if is_watched { messages_seen() } else { 0 };
        self.began = Some(Began { reference: make_ref(), messages_seen });
        let first = if is_watched { PATIENCE } else { self.timeout };
        self.rest = self.timeout.saturating_sub(first);
        self.timer.reset(first);
        self.send_now();
    }

    /// Whether the time is over, or the caller waits for itself.
    #[inline]
    fn poll_time(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        if Pin::new(&mut self.timer).poll(cx).is_ready() || self.watch.is_some() {
            return self.poll_long(cx);
        }
        Poll::Pending
    }

    /// The same, of a call that is not answered soon.
    #[cold]
    fn poll_long(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        while Pin::new(&mut self.timer).poll(cx).is_ready() {
            if self.rest.is_zero() {
                return Poll::Ready(self.pending.give_up());
            }
            self.publish();
            self.timer.reset(self.rest);
            self.rest = Duration::ZERO;
        }
        let Some(watch) = &mut self.watch else { return Poll::Pending };
        watch.as_mut().poll(cx).map(|cycle| Err(CallError::Deadlock(cycle)))
    }

    fn publish(&mut self) {
        if let (Some(caller), Some(callee), Some(id), Some(began)) =
            (try_pid(), self.to.callee(), self.pending.id(), self.began)
        {
            let Began { reference, messages_seen } = began;
            let began = (self.timer.deadline(), reference);
            let is_answered_in_turn = self.is_answered_in_turn;
            let call = Published { callee, began, messages_seen, id, is_answered_in_turn };
            self.watch = Some(deadlock::watch(caller, call));
        }
    }
}

impl<T: Send + 'static> Future for Calling<T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.unsent.is_some() {
            this.begin();
        }
        match Pin::new(&mut this.pending).poll(cx) {
            Poll::Pending => this.poll_time(cx),
            ready @ Poll::Ready(_) => ready,
        }
    }
}

impl<T: Send + 'static> fmt::Debug for Calling<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calling").field("callee", &self.to.callee()).finish_non_exhaustive()
    }
}

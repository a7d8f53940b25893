//! The caller's end: sends the request when it is first polled, and waits for the answer or a
//! time-out.
//!
//! A call that is answered soon, as most are, costs one look at the clock. Only one that has waited
//! for [`PATIENCE`] takes part in the search for deadlocks.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::cell::bind;
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
    /// What is to be sent, until it is.
    unsent: Option<(To, Message)>,
    callee: Option<Pid>,
    timeout: Duration,
    /// Set when the request is sent.
    wait: Option<Wait>,
}

/// A wait for an answer.
struct Wait {
    /// Tells it from others that began at the same moment.
    reference: Reference,
    /// What the caller had looked at then.
    messages_seen: u64,
    timer: Sleep,
    /// What is left of the time-out when `timer` runs out.
    rest: Duration,
    watch: Option<Watch>,
}

/// Whom a request is for.
#[derive(Clone, Copy)]
enum To {
    Pid(Pid),
    Alias(Alias),
    /// Nobody has the name.
    Nobody,
}

impl<T: Send + 'static> Calling<T> {
    pub(super) fn new<M: Send + 'static>(
        dest: &Dest<'_>,
        message: impl FnOnce(ReplyTo<T>) -> M,
    ) -> Self {
        let (to, callee) = match *dest {
            Dest::Pid(pid) => (To::Pid(pid), Some(pid)),
            Dest::Alias(alias) => (To::Alias(alias), None),
            Dest::Name(name) => {
                let pid = whereis(name);
                (pid.map_or(To::Nobody, To::Pid), pid)
            }
        };
        let pending = Pending::new();
        let message = Message::new(message(ReplyTo::new(pending.id())));
        Self { pending, unsent: Some((to, message)), callee, timeout: DEFAULT_TIMEOUT, wait: None }
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

    /// The process that was called answers this before it does anything else.
    pub(crate) fn answered_in_turn(self) -> Self {
        if let (Some(id), Some(callee)) = (self.pending.id(), self.callee) {
            bind(id, callee);
        }
        self
    }

    pub(super) fn send_now(&mut self) {
        let (Some((to, message)), Some(id)) = (self.unsent.take(), self.pending.id()) else {
            return;
        };
        let refused = match to {
            To::Pid(pid) if try_pid() == Some(pid) => CallError::CallingSelf,
            To::Pid(pid) => return send_with(id, pid, message),
            To::Alias(alias) => return send_with(id, alias, message),
            To::Nobody => CallError::NoProc,
        };
        fail(id, refused);
        drop(message);
    }

    pub(super) fn time(&self) -> Duration {
        self.timeout
    }

    pub(super) fn pending(&mut self) -> &mut Pending<T> {
        &mut self.pending
    }

    /// Begins to wait before anything is sent: see [`deadlock`].
    fn begin(&mut self) {
        let is_watched = self.callee.is_some() && self.timeout > PATIENCE && in_process();
        let first = if is_watched { PATIENCE } else { self.timeout };
        self.wait = Some(Wait {
            reference: make_ref(),
            messages_seen: if is_watched { messages_seen() } else { 0 },
            timer: sleep(first),
            rest: self.timeout.saturating_sub(first),
            watch: None,
        });
        self.send_now();
    }

    /// Whether the time is over, or the caller waits for itself.
    fn poll_time(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let Some(wait) = &mut self.wait else { return Poll::Pending };
        while Pin::new(&mut wait.timer).poll(cx).is_ready() {
            let rest = mem::take(&mut wait.rest);
            if rest.is_zero() {
                return Poll::Ready(self.pending.give_up());
            }
            if let (Some(caller), Some(callee), Some(id)) =
                (try_pid(), self.callee, self.pending.id())
            {
                let call = Published {
                    callee,
                    began: (wait.timer.deadline(), wait.reference),
                    messages_seen: wait.messages_seen,
                    id,
                };
                wait.watch = Some(deadlock::watch(caller, call));
            }
            wait.timer = sleep(rest);
        }
        let Some(watch) = &mut wait.watch else { return Poll::Pending };
        watch.as_mut().poll(cx).map(|cycle| Err(CallError::Deadlock(cycle)))
    }
}

impl<T: Send + 'static> Future for Calling<T> {
    type Output = Result<T, CallError>;

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
        f.debug_struct("Calling").field("callee", &self.callee).finish_non_exhaustive()
    }
}

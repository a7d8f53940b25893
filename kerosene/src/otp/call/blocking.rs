//! Calls from plain threads, which block until the answer is there.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

use super::{CallError, Calling, Request, call};
use crate::{Destination, in_process};

impl<T: Send + 'static> Calling<T> {
    /// Sends the request and blocks the thread until the answer is there, or the time is over.
    ///
    /// For plain threads, and for [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// [`CallError`].
    ///
    /// # Panics
    ///
    /// If a process has its turn on this thread: all processes of the thread would wait. Await the
    /// call instead.
    ///
    /// In Erlang: no equivalent, since all code runs in a process.
    #[track_caller]
    pub fn block(mut self) -> Result<T, CallError> {
        assert!(
            !in_process(),
            "a process must not block its thread: await the call, or block in `blocking`"
        );
        let deadline = Instant::now().checked_add(self.time());
        self.send_now();
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut cx = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(outcome) = Pin::new(self.pending()).poll(&mut cx) {
                return outcome;
            }
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.pending().give_up();
            }
            thread::park_timeout(left);
        }
    }
}

/// Asks a process from a plain thread, and blocks it until the answer is there.
///
/// The same as `call(dest, request).block()`; with [`Calling::timeout`] before the `block` it
/// waits for another time than [`DEFAULT_TIMEOUT`](super::DEFAULT_TIMEOUT).
///
/// ```
/// use kerosene::otp::blocking_call;
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
///         receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
///     });
///     let thread = std::thread::spawn(move || blocking_call(server, Square(7)));
///     let answer = blocking(|| thread.join()).await?;
///     assert_eq!(answer.ok(), Some(Ok(49)));
///     Ok::<(), BlockingError>(())
/// });
/// ```
///
/// # Errors
///
/// [`CallError`].
///
/// # Panics
///
/// If a process has its turn on this thread.
///
/// In Erlang: no equivalent.
#[track_caller]
pub fn blocking_call<R: Request>(
    dest: impl Destination,
    request: R,
) -> Result<R::Reply, CallError> {
    call(dest, request).block()
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

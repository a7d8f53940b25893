//! A request that has been sent and is not answered yet.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::CallError;
use super::cell::{Outcome, Use, UseId};
use crate::sleep;

/// A request that has been sent, and whose answer is still to come.
///
/// It is a future: awaited, it waits as long as it takes. Dropped, it gives the answer up, which is
/// then never seen. It may be polled in `tokio::select!`, kept, or sent to another process.
///
/// In Erlang: the request id of `gen_server:send_request/2`.
#[must_use = "dropping it gives the answer up"]
pub struct Pending<T> {
    /// Where the outcome will be, until it has been taken.
    place: Option<Use>,
    answer: PhantomData<fn() -> T>,
}

impl<T: Send + 'static> Pending<T> {
    #[inline]
    pub(super) fn new() -> Self {
        Self { place: Some(Use::new()), answer: PhantomData }
    }

    /// Under which it is answered. `None`: it has had its outcome.
    #[inline]
    pub(super) fn id(&self) -> Option<UseId> {
        self.place.as_ref().map(Use::id)
    }

    /// Waits for the answer, but no longer than `timeout`; then it is given up.
    ///
    /// # Errors
    ///
    /// [`CallError`]; [`CallError::Timeout`] when the time is over.
    ///
    /// In Erlang: `gen_server:receive_response/2`.
    pub async fn receive(mut self, timeout: Duration) -> Result<T, CallError> {
        self.wait(timeout).await.unwrap_or_else(|| self.give_up())
    }

    /// Waits for the answer, but no longer than `timeout`; then the request stays, and can be
    /// waited for again. `None` is that there is no answer yet.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// struct Slow;
    ///
    /// impl Request for Slow {
    ///     type Reply = u8;
    /// }
    ///
    /// kerosene::run(async {
    ///     let server = spawn(async {
    ///         receive! { Call { request: Slow, reply_to } => {
    ///             receive! { "now" => reply_to.reply(1) }
    ///         } }
    ///     });
    ///     let mut slow = send_request(server, Slow);
    ///     assert_eq!(slow.wait(Duration::from_millis(1)).await, None);
    ///     send(server, "now");
    ///     assert_eq!(slow.await, Ok(1));
    /// });
    /// ```
    ///
    /// In Erlang: `gen_server:wait_response/2`.
    pub async fn wait(&mut self, timeout: Duration) -> Option<Result<T, CallError>> {
        let mut is_over = pin!(sleep(timeout));
        std::future::poll_fn(|cx| match Pin::new(&mut *self).poll(cx) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => is_over.as_mut().poll(cx).map(|()| None),
        })
        .await
    }

    /// The answer that has come after all, or the error that none has.
    pub(super) fn give_up(&mut self) -> Result<T, CallError> {
        let outcome = self.place.take().and_then(Use::close);
        outcome.map_or(Err(CallError::Timeout), typed)
    }
}

/// The outcome of a call that is answered with a `T`.
#[inline]
fn typed<T: Send + 'static>(outcome: Outcome) -> Result<T, CallError> {
    let answer = outcome?.downcast();
    Ok(answer.expect("a call is answered with the type of its `ReplyTo`"))
}

impl<T: Send + 'static> Future for Pending<T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(place) = &self.place else {
            // Whoever polls on after the end hears what a caller hears who gave up.
            return Poll::Ready(Err(CallError::NoReply));
        };
        let outcome = ready!(place.poll(cx));
        if let Some(used) = self.place.take() {
            used.recycle();
        }
        Poll::Ready(typed(outcome))
    }
}

impl<T> Drop for Pending<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            drop(place.close());
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending<{}>", std::any::type_name::<T>())
    }
}

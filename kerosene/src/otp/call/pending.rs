//! A request that has been sent and is not answered yet.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::CallError;
use super::cell::Cell;
use crate::sleep;

/// A request that has been sent, and whose answer is still to come.
///
/// It is a future: awaited, it waits as long as it takes. Dropped, it gives the answer up, which is
/// then never seen. It may be polled in `tokio::select!`, kept, or sent to another process.
///
/// In Erlang: the request id of `gen_server:send_request/2`.
#[derive(Debug)]
#[must_use = "dropping it gives the answer up"]
pub struct Pending<T> {
    pub(super) cell: Arc<Cell<T>>,
    /// It has had its outcome.
    is_over: bool,
}

impl<T> Pending<T> {
    pub(super) fn new() -> Self {
        Self { cell: Arc::new(Cell::new()), is_over: false }
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
        self.cell.close().unwrap_or(Err(CallError::Timeout))
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = self.cell.poll(cx);
        self.is_over = outcome.is_ready();
        outcome
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if !self.is_over {
            drop(self.cell.close());
        }
    }
}

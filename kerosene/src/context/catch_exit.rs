//! Catching the end of a part of a body, so that it can be tidied up behind, or answered.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::process::{ExitRequest, current_pid, panic_info};
use crate::term::{ExitReason, Pid};

/// Runs a future, and catches a panic or an [`exit`](crate::exit) in it, with the exit reason that
/// the process would have ended with.
///
/// Exit signals are not caught: they end the process, or are messages if it traps exits. A future
/// that has panicked is dropped, and what it had borrowed may be half changed. So catch in order to
/// end in good order, to answer somebody, or around code that can be given up whole.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::catch_exit;
///
/// kerosene::run(async {
///     assert_eq!(catch_exit(async { 1 + 1 }).await, Ok(2));
///     let caught = catch_exit(async { exit("tired") }).await;
///     assert_eq!(caught, Err::<(), _>(ExitReason::from("tired")));
/// });
/// ```
///
/// It also works in a plain tokio task.
///
/// In Erlang: `try ... catch`, for the classes `error` and `exit`.
pub fn catch_exit<F: Future>(future: F) -> CatchExit<F> {
    CatchExit { future }
}

pin_project_lite::pin_project! {
    /// The future of [`catch_exit`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct CatchExit<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for CatchExit<F> {
    type Output = Result<F::Output, ExitReason>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.project().future;
        match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(match payload.downcast::<ExitRequest>() {
                Ok(request) => request.0,
                Err(payload) => {
                    let pid = current_pid().unwrap_or(Pid::NOBODY);
                    ExitReason::Panic(Arc::new(panic_info(payload, pid)))
                }
            })),
        }
    }
}

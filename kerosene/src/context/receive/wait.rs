//! Waiting for more messages, or for the end of the time.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::Instant;

use super::super::this;
use super::super::waiting::{is_woken_by, wake_at};
use super::{Course, Deadline, Patience, Receive, Wait};
use crate::process::{Current, Own, is_woken_as_whole, receive_signals, register_inner_waker};
use crate::term::WaitsAt;

/// The future of [`Receive::wait`].
#[derive(Debug)]
pub struct Waiting<'a, P: Patience> {
    pub(super) receive: &'a mut Receive<P>,
}

impl<P: Patience> Future for Waiting<'_, P> {
    type Output = Wait;

    #[expect(clippy::inline_always, reason = "a few instructions, in each turn of a process")]
    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Wait> {
        let receive = &mut *self.receive;
        // Woken: whether there is a message, `select` sees when it looks.
        if receive.course == Course::PlainBegun {
            return Poll::Ready(Wait::Again);
        }
        // As `select` left it.
        if receive.course == Course::Plain && is_woken_as_whole(cx.waker()) {
            receive.course = Course::PlainBegun;
            return Poll::Pending;
        }
        receive.poll(cx)
    }
}

impl<P: Patience> Receive<P> {
    #[inline(never)]
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Wait> {
        let current = this("receive!");
        let is_first = std::mem::replace(&mut self.course, Course::Begun) != Course::Begun;
        if self.process != current.key() {
            return Poll::Ready(Wait::Again);
        }
        let deadline = self.patience.deadline();
        let is_over = current.with(|own| Self::is_over(deadline, own));
        if is_over && self.patience.end().is_none() {
            self.look_last(current);
        }
        if std::mem::take(&mut self.gives_way) {
            if is_first {
                self.gives_way = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Wait::Again);
        }
        if !is_first && !is_over {
            return Poll::Ready(Wait::Again);
        }
        let wait = current.with(|own| self.poll_wait(current, own, deadline, is_over));
        if wait.is_pending() {
            register_inner_waker(current, &mut self.inner_waker, cx.waker());
        }
        wait
    }
}

impl<P: Patience> Receive<P> {
    #[inline]
    fn poll_wait(
        &mut self,
        current: Current,
        own: &mut Own,
        deadline: Deadline,
        is_over: bool,
    ) -> Poll<Wait> {
        if !own.is_dying() {
            if self.has_seen_all() {
                return Poll::Ready(Wait::TimedOut);
            }
            if self.scan.is_behind(&own.received) {
                return Poll::Ready(Wait::Again);
            }
            if is_over {
                return Poll::Ready(Wait::TimedOut);
            }
            if current.slot().has_pending() {
                return Poll::Ready(Wait::Again);
            }
        }
        if !self.is_counted {
            self.count(own);
        }
        own.waits_at = WaitsAt::receive(self.site);
        if let Deadline::At(deadline) = deadline {
            wake_at(current, own, deadline);
        }
        Poll::Pending
    }

    /// Whether the time is over. While a timer is set that will wake the process by then, it is
    /// not: so the clock is read once, when the receive begins to wait.
    fn is_over(deadline: Deadline, own: &Own) -> bool {
        match deadline {
            Deadline::Never => false,
            Deadline::Now => true,
            Deadline::At(deadline) => !is_woken_by(own, deadline) && deadline <= Instant::now(),
        }
    }

    /// Receives what has arrived by the deadline: nothing after it counts (V3).
    #[cold]
    fn look_last(&mut self, current: Current) {
        if current.slot().has_pending() {
            let here = u32::from(self.is_counted);
            let errands = current.with(|own| receive_signals(current.slot(), own, here));
            errands.run(current.slot());
        }
        self.patience.set_end(current.with(|own| own.received.end_number()));
    }
}

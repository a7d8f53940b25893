//! Waiting for time, and giving way: the awaits at which a process leaves its scheduler to others
//! though nothing is missing.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use crate::process::{Current, Own, current, register_inner_waker, slice_is_spent, spend};
use crate::term::{Pid, WaitsAt};

/// Waits for some time. [`Duration::MAX`] is for ever.
///
/// The time is counted from the call. It is never over early. Messages that arrive meanwhile wait
/// in the mailbox; exit signals take effect. A sleep of zero gives way to others once.
///
/// It also works in a plain tokio task.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     sleep(Duration::from_millis(1)).await;
/// });
/// ```
///
/// # Panics
///
/// When awaited outside a process and outside a tokio runtime.
///
/// In Erlang: `timer:sleep/1`, where for ever is `infinity`.
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    Sleep {
        deadline: deadline_after(duration),
        at: Location::caller(),
        foreign: None,
        was_polled: false,
        process: Pid::NOBODY,
        inner_waker: 0,
    }
}

/// The future of [`sleep`].
#[derive(Debug)]
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct Sleep {
    /// `None`: never.
    deadline: Option<Instant>,
    at: &'static Location<'static>,
    /// tokio's timer, for sleeps outside processes.
    foreign: Option<Pin<Box<tokio::time::Sleep>>>,
    was_polled: bool,
    /// Where its waker is registered, and under which number.
    process: Pid,
    inner_waker: u64,
}

impl Sleep {
    /// When it is over; `None` is never.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Begins anew: it waits for `duration` from now on, whatever it has waited for before.
    ///
    /// For a wait of several steps, which so needs one `Sleep`.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let mut pause = sleep(Duration::MAX);
    ///     for _ in 0..3 {
    ///         pause.reset(Duration::from_millis(1));
    ///         (&mut pause).await;
    ///     }
    /// });
    /// ```
    ///
    /// In Erlang: no equivalent.
    #[inline]
    pub fn reset(&mut self, duration: Duration) {
        self.deadline = deadline_after(duration);
        self.was_polled = false;
        if self.foreign.is_some() {
            self.foreign = None;
        }
    }
}

/// `None`: never.
#[inline]
fn deadline_after(duration: Duration) -> Option<Instant> {
    if duration == Duration::MAX { None } else { Instant::now().checked_add(duration) }
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(current) = current() else {
            return self.poll_outside(cx);
        };
        // While a timer is set that will wake the process by then, it is not over: so the clock is
        // not read for a wait that is over soon.
        let is_armed = self.deadline.is_none_or(|at| current.with(|own| is_woken_by(own, at)));
        let is_over = !is_armed && self.deadline.is_some_and(|at| at <= Instant::now());
        let is_first = !std::mem::replace(&mut self.was_polled, true);
        if is_first && (is_over || slice_is_spent()) {
            // A sleep of zero gives way once.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if is_over {
            return Poll::Ready(());
        }
        if self.process != current.pid() {
            self.process = current.pid();
            self.inner_waker = 0;
        }
        current.with(|own| {
            own.waits_at = WaitsAt::sleep(self.at);
            if let Some(deadline) = self.deadline.filter(|_| !is_armed) {
                wake_at(current, own, deadline);
            }
        });
        register_inner_waker(current, &mut self.inner_waker, cx.waker());
        Poll::Pending
    }
}

impl Drop for Sleep {
    #[inline]
    fn drop(&mut self) {
        if self.inner_waker != 0 {
            self.forget_inner_waker();
        }
    }
}

impl Sleep {
    #[cold]
    fn forget_inner_waker(&mut self) {
        if let Some(current) = current()
            && current.pid() == self.process
        {
            drop(current.with(|own| own.forget_inner_waker(self.inner_waker)));
        }
    }

    #[cold]
    fn poll_outside(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline else {
            return Poll::Pending;
        };
        let sleep = || Box::pin(tokio::time::sleep_until(deadline));
        self.foreign.get_or_insert_with(sleep).as_mut().poll(cx)
    }
}

/// Makes sure that the process is woken at the deadline. A timer that is set for an earlier moment
/// will do: whoever is woken looks at the clock, and sets it anew.
pub(super) fn wake_at(current: Current, own: &mut Own, deadline: Instant) {
    if is_woken_by(own, deadline) {
        return;
    }
    let Some(schedule) = current.schedule() else {
        return;
    };
    let key = schedule.arm(deadline, current.pid());
    if let Some(later) = own.set_armed(Some(key)) {
        schedule.disarm(later);
    }
}

/// Whether a timer is set that will wake the process at the deadline, or before.
pub(super) fn is_woken_by(own: &Own, deadline: Instant) -> bool {
    own.armed().is_some_and(|armed| armed.deadline <= deadline)
}

/// Lets other processes run. The current one goes on behind those that are ready.
///
/// A long computation should do this now and then, every millisecond at the latest: it is also
/// where an exit signal can end it. Receiving, [`sleep`] and waiting for anything give way by
/// themselves.
///
/// It also works in a plain tokio task.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     for chunk in 0..10 {
///         // ... work on the chunk ...
///         # let _ = chunk;
///         yield_now().await;
///     }
/// });
/// ```
///
/// In Erlang: `erlang:yield/0`.
pub fn yield_now() -> YieldNow {
    YieldNow(false)
}

/// The future of [`yield_now`].
#[derive(Debug)]
#[must_use = "a yield does nothing unless it is awaited"]
pub struct YieldNow(bool);

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        spend(1);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

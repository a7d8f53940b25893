//! What `receive!` does: offer the waiting messages to its arms, and wait for more.
//!
//! The expansion of the macro is a loop around [`Receive::select`] and [`Receive::wait`]:
//!
//! ```text
//!   loop {
//!       if let Some(selected) = receive.select(|candidate| /* the arms, in order */) { break it }
//!       if receive.wait().await == TimedOut { break the `after` arm }
//!   }
//! ```
//!
//! - V1: a message leaves the mailbox in the very call that gives it to an arm. Dropping a receive
//!   at any await therefore loses nothing and reorders nothing.
//! - V2: from the first time a receive waits until it is dropped it is counted in
//!   `Own::receiving`, so that messages wake the process also when only another part of the body
//!   is polled.

use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use super::this;
use super::waiting::wake_at;
use crate::mailbox::{Candidate, Offered, Scan};
use crate::process::{
    Current, Own, Rejected, current, receive_signals, register_inner_waker, slice_is_spent, spend,
};
use crate::term::{Message, Pid, Site, WaitsAt};

/// One `receive!` in progress.
#[derive(Debug)]
pub struct Receive {
    scan: Scan,
    site: &'static Site,
    after: After,
    /// The process that counts this receive as waiting (V2).
    counted_by: Option<Pid>,
    /// The time slice is spent: give way before looking further.
    gives_way: bool,
}

/// When to give up.
#[derive(Debug, Clone, Copy)]
enum After {
    Never,
    /// Counted from the first wait: it follows the start of the receive at once, and a receive that
    /// need not wait does not read the clock.
    Delay(Duration),
    At(Instant),
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// There may be new messages.
    Again,
    /// The time is over.
    TimedOut,
}

/// What `select` does next.
enum Next {
    Offer(Offered, Message),
    Learn,
    LookAgain(Rejected),
    Wait,
}

impl Receive {
    /// A receive that waits as long as it takes.
    #[must_use]
    pub fn new(site: &'static Site) -> Self {
        Self::with_after(site, After::Never)
    }

    /// A receive with an `after` arm.
    #[must_use]
    pub fn with_timeout(site: &'static Site, after: Duration) -> Self {
        let never = after == Duration::MAX;
        Self::with_after(site, if never { After::Never } else { After::Delay(after) })
    }

    fn with_after(site: &'static Site, after: After) -> Self {
        Self { scan: Scan::default(), site, after, counted_by: None, gives_way: false }
    }

    /// Offers the waiting messages, oldest first, each at most once, until `arms` takes one.
    #[inline]
    #[track_caller]
    pub fn select<S>(&mut self, mut arms: impl FnMut(&mut Candidate) -> Option<S>) -> Option<S> {
        let current = this("receive!");
        if slice_is_spent() {
            self.gives_way = true;
            return None;
        }
        spend(1);
        loop {
            match current.with(|own| self.next(current, own)) {
                Next::Wait => return None,
                Next::LookAgain(rejected) => drop(rejected),
                Next::Learn => self.scan.learn(|candidate| drop(arms(candidate))),
                Next::Offer(offered, message) => {
                    let mut candidate = Candidate::new(message);
                    if let Some(selected) = arms(&mut candidate) {
                        taken(current, &offered);
                        return Some(selected);
                    }
                    put_back(current, offered, candidate);
                }
            }
        }
    }

    #[inline]
    fn next(&mut self, current: Current, own: &mut Own) -> Next {
        if own.dying.is_some() {
            return Next::Wait;
        }
        if self.scan.needs_interest(&own.received) {
            return Next::Learn;
        }
        if let Some((offered, message)) = self.scan.next(&mut own.received) {
            return Next::Offer(offered, message);
        }
        if current.slot().has_pending() {
            return Next::LookAgain(receive_signals(current.slot(), own));
        }
        Next::Wait
    }

    /// Waits until there may be more messages, or the time is over.
    pub fn wait(&mut self) -> Waiting<'_> {
        Waiting { receive: self, polled: false }
    }

    fn deadline(&mut self) -> Option<Instant> {
        if let After::Delay(delay) = self.after {
            let deadline = Instant::now().checked_add(delay);
            self.after = deadline.map_or(After::Never, After::At);
        }
        match self.after {
            After::At(deadline) => Some(deadline),
            After::Never | After::Delay(_) => None,
        }
    }
}

/// The message was wanted.
#[inline]
fn taken(current: Current, offered: &Offered) {
    if let Offered::Filed(place) = offered {
        current.with(|own| own.received.remove(*place));
    }
}

/// The message was not wanted: back to its place. If a guard has panicked, it panics on.
#[inline]
fn put_back(current: Current, offered: Offered, candidate: Candidate) {
    let Some((message, panic)) = candidate.into_rejected() else { return };
    current.with(|own| match offered {
        Offered::Fresh(number) => own.received.file(number, message),
        Offered::Filed(place) => own.received.put_back(place, message),
    });
    if let Some(payload) = panic {
        resume_unwind(payload);
    }
}

/// The future of [`Receive::wait`].
#[derive(Debug)]
pub struct Waiting<'a> {
    receive: &'a mut Receive,
    polled: bool,
}

impl Future for Waiting<'_> {
    type Output = Wait;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Wait> {
        let current = this("receive!");
        let first = !std::mem::replace(&mut self.polled, true);
        let receive = &mut *self.receive;
        if std::mem::take(&mut receive.gives_way) {
            if first {
                receive.gives_way = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Wait::Again);
        }
        let deadline = receive.deadline();
        current.with(|own| receive.poll_wait(current, own, deadline, cx))
    }
}

impl Receive {
    fn poll_wait(
        &mut self,
        current: Current,
        own: &mut Own,
        deadline: Option<Instant>,
        cx: &Context<'_>,
    ) -> Poll<Wait> {
        if own.dying.is_none() {
            if self.scan.is_behind(&own.received) || current.slot().has_pending() {
                return Poll::Ready(Wait::Again);
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Poll::Ready(Wait::TimedOut);
            }
        }
        if self.counted_by != Some(own.pid) {
            self.counted_by = Some(own.pid);
            own.receiving += 1;
        }
        own.waits_at = WaitsAt::Receive(self.site);
        wake_at(current, own, deadline);
        register_inner_waker(current.slot(), own, cx.waker());
        Poll::Pending
    }
}

impl Drop for Receive {
    #[inline]
    fn drop(&mut self) {
        // Dropped elsewhere than where it waited, it stays counted there: that process is then woken
        // by messages though it does not receive, which costs it polls for nothing.
        let Some(counted_by) = self.counted_by else { return };
        if let Some(current) = current()
            && current.pid() == counted_by
        {
            current.with(|own| own.receiving = own.receiving.saturating_sub(1));
        }
    }
}

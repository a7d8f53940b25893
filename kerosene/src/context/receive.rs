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
//! - V3: when the time is over, the outer queue is looked at once more, and never again: so
//!   whatever had arrived is seen, and a flood of messages that nobody wants cannot hold off the
//!   `after` arm.

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
    Current, Errands, Own, current, receive_signals, register_inner_waker, slice_is_spent,
    slice_is_used_up, spend,
};
use crate::term::{Pid, Site, WaitsAt};

/// One `receive!` in progress.
#[derive(Debug)]
pub struct Receive {
    scan: Scan,
    site: &'static Site,
    after: After,
    /// The process whose mailbox `scan` is about; a receive may move to another one.
    process: Pid,
    /// The process counts this receive as waiting (V2).
    is_counted: bool,
    /// Under which its waker is registered there, or 0.
    inner_waker: u64,
    /// The time slice is spent: give way before looking further.
    gives_way: bool,
    /// The time is over: the number after the last message that is still looked at (V3).
    end: Option<u64>,
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
    /// Show the message, which is in the candidate, to the arms.
    Offer(Offered),
    Learn,
    LookAgain(Errands),
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
        Self {
            scan: Scan::default(),
            site,
            after,
            process: Pid::NOBODY,
            is_counted: false,
            inner_waker: 0,
            gives_way: false,
            end: None,
        }
    }

    /// Offers the waiting messages, oldest first, each at most once, until `arms` takes one.
    #[inline]
    #[track_caller]
    pub fn select<S>(&mut self, mut arms: impl FnMut(&mut Candidate) -> Option<S>) -> Option<S> {
        let current = this("receive!");
        if self.process != current.pid() {
            self.move_to(current.pid());
        }
        if slice_is_spent() {
            self.gives_way = true;
            return None;
        }
        spend(1);
        let mut candidate = Candidate::default();
        let mut has_looked = false;
        loop {
            match current.with(|own| self.next(current, own, &mut candidate, has_looked)) {
                Next::Offer(offered) => {
                    if let Some(selected) = arms(&mut candidate) {
                        taken(current, offered);
                        return Some(selected);
                    }
                    put_back(current, offered, &mut candidate);
                    spend(1);
                    if slice_is_used_up() {
                        self.gives_way = true;
                        return None;
                    }
                }
                Next::Wait => return None,
                Next::LookAgain(errands) => {
                    errands.run(current.slot());
                    has_looked = true;
                }
                Next::Learn => self.scan.learn(|candidate| drop(arms(candidate))),
            }
        }
    }

    #[inline]
    fn next(
        &mut self,
        current: Current,
        own: &mut Own,
        candidate: &mut Candidate,
        has_looked: bool,
    ) -> Next {
        if own.dying.is_some() {
            return Next::Wait;
        }
        if self.scan.needs_interest(&own.received) {
            return Next::Learn;
        }
        if self.has_seen_all() {
            return Next::Wait;
        }
        if let Some(offered) = self.scan.next(&mut own.received, candidate) {
            return Next::Offer(offered);
        }
        if has_looked || self.end.is_some() || !current.slot().has_pending() {
            return Next::Wait;
        }
        Next::LookAgain(receive_signals(current.slot(), own, u32::from(self.is_counted)))
    }

    /// Waits until there may be more messages, or the time is over.
    pub fn wait(&mut self) -> Waiting<'_> {
        Waiting { receive: self, polled: false }
    }

    /// Begins at the oldest message of this process. Where the receive waited before, it stays
    /// counted: that process is then woken by messages though it does not receive, which costs it
    /// polls for nothing.
    fn move_to(&mut self, pid: Pid) {
        self.scan = Scan::default();
        self.end = None;
        self.process = pid;
        self.is_counted = false;
        self.inner_waker = 0;
    }

    /// Receives what has arrived by the deadline: nothing after it counts (V3).
    fn look_last(&mut self, current: Current) {
        if current.slot().has_pending() {
            let here = u32::from(self.is_counted);
            let errands = current.with(|own| receive_signals(current.slot(), own, here));
            errands.run(current.slot());
        }
        self.end = Some(current.with(|own| own.received.end_number()));
    }

    /// The time is over, and everything that had arrived by then has been looked at.
    fn has_seen_all(&self) -> bool {
        self.end.is_some_and(|end| self.scan.seen() >= end)
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
fn taken(current: Current, offered: Offered) {
    if let Offered::Filed(place) = offered {
        current.with(|own| own.received.remove(place));
    }
}

/// The message was not wanted: back to its place. If a guard has panicked, it panics on.
fn put_back(current: Current, offered: Offered, candidate: &mut Candidate) {
    let Some((message, panic)) = candidate.take_rejected() else {
        return;
    };
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
        if receive.process != current.pid() {
            return Poll::Ready(Wait::Again);
        }
        let deadline = receive.deadline();
        let is_over = deadline.is_some_and(|deadline| deadline <= Instant::now());
        if is_over && receive.end.is_none() {
            receive.look_last(current);
        }
        if std::mem::take(&mut receive.gives_way) {
            if first {
                receive.gives_way = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Wait::Again);
        }
        let wait = current.with(|own| receive.poll_wait(current, own, deadline, is_over));
        if wait.is_pending() {
            register_inner_waker(current, &mut receive.inner_waker, cx.waker());
        }
        wait
    }
}

impl Receive {
    fn poll_wait(
        &mut self,
        current: Current,
        own: &mut Own,
        deadline: Option<Instant>,
        is_over: bool,
    ) -> Poll<Wait> {
        if own.dying.is_none() {
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
            self.is_counted = true;
            own.receiving += 1;
        }
        own.waits_at = WaitsAt::Receive(self.site);
        wake_at(current, own, deadline);
        Poll::Pending
    }
}

impl Drop for Receive {
    #[inline]
    fn drop(&mut self) {
        // Dropped in another process than it waited in, it stays counted there: see `move_to`.
        if self.is_counted
            && let Some(current) = current()
            && current.pid() == self.process
        {
            let waker = current.with(|own| {
                own.receiving = own.receiving.saturating_sub(1);
                own.forget_inner_waker(self.inner_waker)
            });
            drop(waker);
        }
    }
}

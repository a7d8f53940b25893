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
//! - V2: from the moment a receive begins to wait until it looks at the mailbox again, or is
//!   dropped, it is counted in `Own::receiving`, so that messages wake the process also when only
//!   another part of the body is polled.
//! - V3: when the time is over, the outer queue is looked at once more, and never again: so
//!   whatever had arrived is seen, and a flood of messages that nobody wants cannot hold off the
//!   `after` arm.

mod patience;
mod wait;

use std::panic::resume_unwind;
use std::time::Duration;

use patience::{Deadline, Endless, Limited, Patience};
use wait::Waiting;

use super::this;
use crate::mailbox::{Candidate, Offered, Scan};
use crate::process::{
    Current, Errands, Own, current, receive_signals, slice_is_spent, slice_is_used_up, spend,
};
use crate::term::{Site, WaitsAt};

/// One `receive!` in progress.
#[derive(Debug)]
pub struct Receive<P: Patience = Endless> {
    scan: Scan,
    site: &'static Site,
    /// The process whose mailbox `scan` is about; a receive may move to another one.
    process: u64,
    /// Under which its waker is registered there, or 0.
    inner_waker: u64,
    patience: P,
    /// The process counts this receive as waiting (V2).
    is_counted: bool,
    /// The time slice is spent: give way before looking further.
    gives_way: bool,
    /// The present wait has been polled.
    was_polled: bool,
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
    /// Ask the arms which types they want.
    Learn,
    Wait,
}

/// What the plain case found.
enum Fresh {
    /// The message of this number, which is in the candidate.
    Message(u64),
    /// Nothing: the receive is counted as waiting.
    Nothing,
    /// That it is not plain, or that something has arrived.
    NotPlain,
}

/// What `next` found.
enum Look {
    Next(Next),
    /// Something has been received; the errands come first.
    Again(Errands),
}

impl Receive<Endless> {
    /// A receive that waits as long as it takes.
    #[must_use]
    #[inline]
    pub fn new(site: &'static Site) -> Self {
        Self::with_patience(site, Endless)
    }
}

impl Receive<Limited> {
    /// A receive with an `after` arm.
    #[must_use]
    #[inline]
    pub fn with_timeout(site: &'static Site, after: Duration) -> Self {
        Self::with_patience(site, Limited::new(after))
    }
}

impl<P: Patience> Receive<P> {
    #[inline]
    fn with_patience(site: &'static Site, patience: P) -> Self {
        Self {
            scan: Scan::default(),
            site,
            process: 0,
            inner_waker: 0,
            patience,
            is_counted: false,
            gives_way: false,
            was_polled: false,
        }
    }

    /// Offers the waiting messages, oldest first, each at most once, until `arms` takes one.
    #[inline]
    #[track_caller]
    pub fn select<S>(&mut self, mut arms: impl FnMut(&mut Candidate) -> Option<S>) -> Option<S> {
        let current = this("receive!");
        if self.process != current.key() {
            self.move_to(current.key());
        }
        if slice_is_spent() {
            self.gives_way = true;
            return None;
        }
        spend(1);
        let mut candidate = Candidate::default();
        let mut has_looked = false;
        loop {
            let next = match current.with(|own| self.next_fresh(current, own, &mut candidate)) {
                Fresh::Message(number) => Next::Offer(Offered::Fresh(number)),
                Fresh::Nothing => return None,
                Fresh::NotPlain => self.next(current, &mut candidate, &mut has_looked),
            };
            match next {
                Next::Offer(offered) => {
                    if let Some(selected) = arms(&mut candidate) {
                        taken(current, &offered);
                        return Some(selected);
                    }
                    if self.put_back(current, &offered, &mut candidate) {
                        return None;
                    }
                }
                Next::Wait => return None,
                Next::Learn => self.scan.learn(|candidate| drop(arms(candidate))),
            }
        }
    }

    /// The plain case: nothing lies in the mailbox that was passed over before.
    #[inline]
    fn next_fresh(&mut self, current: Current, own: &mut Own, candidate: &mut Candidate) -> Fresh {
        if own.is_dying() || own.received.has_skipped() || self.patience.end().is_some() {
            return Fresh::NotPlain;
        }
        if own.received.fresh_is_empty() {
            self.scan.has_seen_all_of(&own.received);
        } else if let Some(number) = self.scan.next_fresh(&mut own.received, candidate) {
            self.discount(own);
            return Fresh::Message(number);
        }
        if current.slot().has_pending() {
            return Fresh::NotPlain;
        }
        // It will wait: no use in asking all this again.
        if !self.is_counted {
            self.count(own);
        }
        Fresh::Nothing
    }

    /// Begins to wait (V2).
    #[inline]
    fn count(&mut self, own: &mut Own) {
        self.is_counted = true;
        own.receiving += 1;
        own.waits_at = WaitsAt::receive(self.site);
    }

    /// Waits no more (V2).
    #[inline]
    fn discount(&mut self, own: &mut Own) {
        if self.is_counted {
            self.is_counted = false;
            own.receiving = own.receiving.saturating_sub(1);
        }
    }

    /// Any case.
    #[cold]
    #[inline(never)]
    fn next(&mut self, current: Current, candidate: &mut Candidate, has_looked: &mut bool) -> Next {
        loop {
            let errands = current.with(|own| self.look(current, own, candidate, *has_looked));
            match errands {
                Look::Again(errands) => errands.run(current.slot()),
                Look::Next(next) => return next,
            }
            *has_looked = true;
        }
    }

    fn look(
        &mut self,
        current: Current,
        own: &mut Own,
        candidate: &mut Candidate,
        has_looked: bool,
    ) -> Look {
        self.discount(own);
        if own.is_dying() {
            return Look::Next(Next::Wait);
        }
        if self.scan.needs_interest(&own.received) {
            return Look::Next(Next::Learn);
        }
        if self.has_seen_all() {
            return Look::Next(Next::Wait);
        }
        if let Some(offered) = self.scan.next(&mut own.received, candidate) {
            return Look::Next(Next::Offer(offered));
        }
        if has_looked || self.patience.end().is_some() || !current.slot().has_pending() {
            return Look::Next(Next::Wait);
        }
        Look::Again(receive_signals(current.slot(), own, 0))
    }

    /// The message was not wanted: back to its place. If a guard has panicked, it panics on.
    /// Returns whether it is time to give way.
    #[inline(never)]
    fn put_back(&mut self, current: Current, offered: &Offered, candidate: &mut Candidate) -> bool {
        if let Some((message, panic)) = candidate.take_rejected() {
            current.with(|own| match *offered {
                Offered::Fresh(number) => own.received.file(number, message),
                Offered::Filed(place) => own.received.put_back(place, message),
            });
            if let Some(payload) = panic {
                resume_unwind(payload);
            }
        }
        spend(1);
        self.gives_way = slice_is_used_up();
        self.gives_way
    }

    /// Waits until there may be more messages, or the time is over.
    #[inline]
    pub fn wait(&mut self) -> Waiting<'_, P> {
        self.was_polled = false;
        Waiting { receive: self }
    }

    /// Begins at the oldest message of this process. Where the receive waited before, it stays
    /// counted: that process is then woken by messages though it does not receive, which costs it
    /// polls for nothing.
    fn move_to(&mut self, process: u64) {
        self.scan = Scan::default();
        self.process = process;
        self.is_counted = false;
        self.inner_waker = 0;
    }

    /// The time is over, and everything that had arrived by then has been looked at.
    #[inline]
    fn has_seen_all(&self) -> bool {
        self.patience.end().is_some_and(|end| self.scan.seen() >= end)
    }
}

/// The message was wanted.
#[inline]
fn taken(current: Current, offered: &Offered) {
    if let Offered::Filed(place) = *offered {
        current.with(|own| own.received.remove(place));
    }
}

impl<P: Patience> Receive<P> {
    /// It does not wait any more, though it has not received.
    #[cold]
    fn forget(&mut self) {
        // Dropped in another process than it waited in, it stays counted there: see `move_to`.
        if let Some(current) = current()
            && current.key() == self.process
        {
            let waker = current.with(|own| {
                own.receiving = own.receiving.saturating_sub(u32::from(self.is_counted));
                own.forget_inner_waker(self.inner_waker)
            });
            drop(waker);
        }
    }
}

impl<P: Patience> Drop for Receive<P> {
    #[inline]
    fn drop(&mut self) {
        if self.is_counted || self.inner_waker != 0 {
            self.forget();
        }
    }
}

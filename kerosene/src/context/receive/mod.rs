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
use crate::mailbox::{Candidate, Place, Scan};
use crate::process::{
    Current, Errands, Own, current, receive_signals, slice_is_spent, slice_is_used_up, spend,
};
use crate::term::{Message, Site, WaitsAt};

/// One `receive!` in progress.
#[derive(Debug)]
pub struct Receive<P: Patience = Endless> {
    scan: Scan,
    site: &'static Site,
    /// The process whose mailbox `scan` is about, or none; a receive may move to another one.
    process: u64,
    /// Under which its waker is registered there, or 0.
    inner_waker: u64,
    patience: P,
    /// The process counts this receive as waiting (V2).
    is_counted: bool,
    /// The time slice is spent: give way before looking further.
    gives_way: bool,
    course: Course,
}

/// The key of no process.
const NO_PROCESS: u64 = 0;

/// How far the present wait is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It begins, and nothing but a message is waited for. It is counted.
    Plain,
    /// It is that, nobody but the process is to be woken, and it has begun.
    PlainBegun,
    /// It begins, and may be any wait.
    Any,
    /// It has begun.
    Begun,
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
    /// Show the message, which comes from this place if from any, to the arms.
    Offer(Message, Option<Place>),
    /// Ask the arms which types they want.
    Learn,
    Wait,
}

/// What the plain case found.
enum Fresh {
    /// The next message.
    Message,
    /// No message: the receive is counted as waiting.
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
            process: NO_PROCESS,
            inner_waker: 0,
            patience,
            is_counted: false,
            gives_way: false,
            course: Course::Any,
        }
    }

    /// Offers the waiting messages, oldest first, each at most once, until `arms` takes one.
    #[inline]
    #[track_caller]
    pub fn select<S>(&mut self, mut arms: impl FnMut(&mut Candidate) -> Option<S>) -> Option<S> {
        let current = this("receive!");
        if self.process != current.key() {
            self.belong_to(current.key());
        }
        if slice_is_spent() {
            self.gives_way = true;
            self.course = Course::Any;
            return None;
        }
        spend(1);
        let mut message = Message::new(());
        match current.with(|own| self.next_fresh(current, own, &mut message)) {
            Fresh::Message => {
                let mut candidate = Candidate::new(message);
                if let Some(selected) = arms(&mut candidate) {
                    candidate.taken();
                    return Some(selected);
                }
                if self.put_back(current, candidate, None) {
                    return None;
                }
            }
            Fresh::Nothing => {
                self.course = if P::IS_ENDLESS { Course::Plain } else { Course::Any };
                return None;
            }
            Fresh::NotPlain => {}
        }
        self.select_any(current, arms)
    }

    /// Any case. Where the plain one ends, after one message at most, this goes on.
    #[cold]
    #[inline(never)]
    fn select_any<S>(
        &mut self,
        current: Current,
        mut arms: impl FnMut(&mut Candidate) -> Option<S>,
    ) -> Option<S> {
        let mut has_looked = false;
        loop {
            let (message, place) = match self.next(current, &mut has_looked) {
                Next::Offer(message, place) => (message, place),
                Next::Learn => {
                    self.scan.learn(|candidate| drop(arms(candidate)));
                    continue;
                }
                Next::Wait => return None,
            };
            let mut candidate = Candidate::new(message);
            if let Some(selected) = arms(&mut candidate) {
                if let Some(place) = place {
                    current.with(|own| own.received.remove(place));
                }
                return Some(selected);
            }
            if self.put_back(current, candidate, place) {
                return None;
            }
        }
    }

    /// The plain case: nothing lies in the mailbox that was passed over before.
    #[expect(clippy::inline_always, reason = "as a call it would pass the message through memory")]
    #[inline(always)]
    fn next_fresh(&mut self, current: Current, own: &mut Own, empty: &mut Message) -> Fresh {
        if own.is_dying() || own.received.has_skipped() || self.patience.end().is_some() {
            return Fresh::NotPlain;
        }
        if self.scan.next_fresh(&mut own.received, empty) {
            self.discount(own);
            return Fresh::Message;
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

    /// The next message in any case.
    fn next(&mut self, current: Current, has_looked: &mut bool) -> Next {
        self.course = Course::Any;
        loop {
            match current.with(|own| self.look(current, own, *has_looked)) {
                Look::Again(errands) => errands.run(current.slot()),
                Look::Next(next) => return next,
            }
            *has_looked = true;
        }
    }

    fn look(&mut self, current: Current, own: &mut Own, has_looked: bool) -> Look {
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
        if let Some((message, place)) = self.scan.next(&mut own.received) {
            return Look::Next(Next::Offer(message, place));
        }
        if has_looked || self.patience.end().is_some() || !current.slot().has_pending() {
            return Look::Next(Next::Wait);
        }
        Look::Again(receive_signals(current.slot(), own, 0))
    }

    /// The message was not wanted: back to its place. If a guard has panicked, it panics on.
    /// Returns whether it is time to give way.
    #[inline(never)]
    fn put_back(&mut self, current: Current, candidate: Candidate, from: Option<Place>) -> bool {
        let (message, panic) = candidate.rejected();
        current.with(|own| self.scan.put_back(&mut own.received, message, from));
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
        spend(1);
        self.gives_way = slice_is_used_up();
        self.course = Course::Any;
        self.gives_way
    }

    /// Waits until there may be more messages, or the time is over.
    #[inline]
    pub fn wait(&mut self) -> Waiting<'_, P> {
        Waiting { receive: self }
    }

    /// It is of this process from now on: mostly of none before.
    #[inline]
    fn belong_to(&mut self, process: u64) {
        if self.process != NO_PROCESS {
            self.leave();
        }
        self.process = process;
    }

    /// Begins at the oldest message of another process. Where the receive waited before, it stays
    /// counted: that process is then woken by messages though it does not receive, which costs it
    /// polls for nothing.
    #[cold]
    fn leave(&mut self) {
        self.scan = Scan::default();
        self.is_counted = false;
        self.inner_waker = 0;
    }

    /// The time is over, and everything that had arrived by then has been looked at.
    #[inline]
    fn has_seen_all(&self) -> bool {
        self.patience.end().is_some_and(|end| self.scan.seen() >= end)
    }
}

impl<P: Patience> Receive<P> {
    /// It does not wait any more, though it has not received.
    #[cold]
    fn forget(&mut self) {
        // Dropped in another process than it waited in, it stays counted there: see `leave`.
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

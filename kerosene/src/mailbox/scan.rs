//! One receive's walk over the mailbox.
//!
//! A [`Scan`] remembers how far a receive has looked (the save position), so that no message is
//! offered twice while the receive waits. Messages are offered oldest first, each to all arms in
//! their order; an arm that takes the message ends the scan.
//!
//! - S1: all messages with a number below `seen` have been offered and were not wanted.
//! - S2: user code (patterns, guards) runs while the message is out of the mailbox and nothing of
//!   the mailbox is borrowed. Whatever it does, a panic included, the message goes back to its
//!   place, unless it was wanted.

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::received::{Place, Received};
use crate::term::{Message, same};

/// A panic's payload.
type Payload = Box<dyn Any + Send>;

thread_local! {
    /// Whether `GUARD_PANIC` has one: quicker to ask.
    static GUARD_PANICKED: Cell<bool> = const { Cell::new(false) };
    /// The panic of a guard, until the message it looked at is back in the mailbox.
    static GUARD_PANIC: Cell<Option<Payload>> = const { Cell::new(None) };
}

/// The save position of one receive, and the types it asks for.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    seen: u64,
    /// Learnt when first needed: only a mailbox with filed messages asks.
    interest: Option<Box<Interest>>,
}

#[derive(Debug, Default)]
struct Interest {
    types: Vec<TypeId>,
    any: bool,
}

/// A message on offer to the arms of a `receive!`.
#[derive(Debug)]
pub struct Candidate {
    /// It holds `()` when an arm has taken it.
    message: Message,
    /// A guard has panicked: no arm may take the message any more.
    is_withdrawn: bool,
    /// The arms are only asked for their types.
    interest: Option<Box<Interest>>,
}

impl Scan {
    /// The next message that may be wanted, taken out to be offered, and its place, if it has one.
    pub(crate) fn next(&mut self, received: &mut Received) -> Option<(Message, Option<Place>)> {
        if received.has_skipped()
            && self.seen < received.next_number()
            && let Some((message, place)) = self.next_filed(received)
        {
            return Some((message, Some(place)));
        }
        let message = received.pop_fresh();
        self.seen = received.next_number();
        message.map(|message| (message, None))
    }

    /// The oldest message never looked at, taken out into `empty` to be offered. Returns whether
    /// there was one.
    #[inline]
    pub(crate) fn next_fresh(&mut self, received: &mut Received, empty: &mut Message) -> bool {
        let is_there = received.pop_fresh_into(empty);
        self.seen = received.next_number();
        is_there
    }

    /// The message that was offered last was not wanted: back to its place (S2).
    pub(crate) fn put_back(&self, received: &mut Received, message: Message, from: Option<Place>) {
        match from {
            Some(place) => received.put_back(place, message),
            None => received.file(self.seen - 1, message),
        }
    }

    /// All messages with a smaller number have been offered.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// Whether there are messages that have not been offered.
    pub(crate) fn is_behind(&self, received: &Received) -> bool {
        !received.fresh_is_empty() || self.seen < received.next_number()
    }

    fn next_filed(&mut self, received: &mut Received) -> Option<(Message, Place)> {
        let types = match &self.interest {
            Some(interest) if !interest.any => Some(interest.types.as_slice()),
            _ => None,
        };
        while let Some(place) = received.find(types, self.seen) {
            self.seen = place.number + 1;
            if let Some(message) = received.borrow(place) {
                return Some((message, place));
            }
        }
        // Everything filed is either seen or of another type.
        self.seen = received.next_number();
        None
    }

    /// Whether the types asked for must be learnt before `next`.
    pub(crate) fn needs_interest(&self, received: &Received) -> bool {
        self.interest.is_none() && received.has_skipped()
    }

    /// Learns the types from the arms.
    #[cold]
    pub(crate) fn learn(&mut self, ask: impl FnOnce(&mut Candidate)) {
        let mut candidate = Candidate::new(Message::new(()));
        candidate.interest = Some(Box::default());
        ask(&mut candidate);
        self.interest = candidate.interest;
    }
}

impl Candidate {
    /// Offers a message.
    #[inline]
    pub(crate) fn new(message: Message) -> Self {
        Self { message, is_withdrawn: false, interest: None }
    }

    /// An arm has taken what was in the message: there is nothing to be dropped.
    #[inline]
    pub(crate) fn taken(self) {
        mem::forget(self);
    }

    /// The message that no arm has taken, and the panic of a guard, to be resumed once the message
    /// is back in the mailbox (S2).
    pub(crate) fn rejected(self) -> (Message, Option<Payload>) {
        (self.message, if self.is_withdrawn { take_guard_panic() } else { None })
    }

    /// Offers the message to an arm for one type. `arm` gives it back if the pattern or the guard
    /// says no. `M` is inferred from the pattern.
    #[inline]
    pub fn arm<M: Any + Send, R>(&mut self, arm: impl FnOnce(M) -> Result<R, M>) -> Option<R> {
        if TypeId::of::<M>() == TypeId::of::<Message>() {
            // An arm for `Message` itself is a catch-all.
            return self.any(|message| arm(same(message)?).map_err(Message::of));
        }
        if let Some(interest) = &mut self.interest {
            interest.types.push(TypeId::of::<M>());
            return None;
        }
        if self.is_withdrawn || !self.message.is::<M>() {
            return None;
        }
        let taken = self.message.lend(arm);
        self.is_withdrawn = taken.is_none() && GUARD_PANICKED.get();
        taken
    }

    /// Offers the message to a catch-all arm.
    #[inline]
    pub fn any<R>(&mut self, arm: impl FnOnce(Message) -> Result<R, Message>) -> Option<R> {
        if let Some(interest) = &mut self.interest {
            interest.any = true;
            return None;
        }
        if self.is_withdrawn {
            return None;
        }
        match arm(mem::replace(&mut self.message, Message::new(()))) {
            Ok(taken) => Some(taken),
            Err(message) => {
                self.message = message;
                self.is_withdrawn = GUARD_PANICKED.get();
                None
            }
        }
    }
}

/// Evaluates a guard. A panic in it reads as "no" until the message is back in the mailbox, and is
/// resumed then, so that a guard that panics loses no message (S2).
///
/// Where a pattern has alternatives, its guard runs for each that matches. After a panic none may
/// say yes any more, so that the message is given back.
#[inline]
pub fn guard(guard: impl FnOnce() -> bool) -> bool {
    if GUARD_PANICKED.get() {
        return false;
    }
    catch_unwind(AssertUnwindSafe(guard)).unwrap_or_else(|payload| {
        GUARD_PANICKED.set(true);
        GUARD_PANIC.set(Some(payload));
        false
    })
}

fn take_guard_panic() -> Option<Payload> {
    GUARD_PANICKED.set(false);
    GUARD_PANIC.take()
}

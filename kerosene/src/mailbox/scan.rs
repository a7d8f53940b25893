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
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::received::{Place, Received};
use crate::term::Message;

/// A panic's payload.
type Payload = Box<dyn Any + Send>;

thread_local! {
    /// The panic of a guard, until the message it looked at is back in the mailbox.
    static GUARD_PANIC: Cell<Option<Payload>> = const { Cell::new(None) };
}

/// The save position of one receive, and the types it asks for.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    seen: u64,
    /// Learnt when first needed: only a mailbox with filed messages asks.
    interest: Option<Interest>,
}

#[derive(Debug, Default)]
struct Interest {
    types: Vec<TypeId>,
    any: bool,
}

/// A message on offer to the arms of a `receive!`.
#[derive(Debug)]
pub struct Candidate(Offer);

#[derive(Debug)]
enum Offer {
    /// Arms tell the type they ask for.
    Ask(Interest),
    Message(Message),
    /// A guard has panicked over it.
    Panicked(Message, Payload),
    /// An arm has taken it.
    Taken,
}

/// What became of an offered message.
#[derive(Debug)]
pub(crate) enum Offered {
    /// From `fresh`.
    Fresh(u64),
    /// From its place in `skipped`.
    Filed(Place),
}

impl Scan {
    /// The next message that may be wanted, taken out to be offered.
    #[inline]
    pub(crate) fn next(&mut self, received: &mut Received) -> Option<(Offered, Message)> {
        if received.has_skipped()
            && self.seen < received.next_number()
            && let Some(found) = self.next_filed(received)
        {
            return Some(found);
        }
        let Some((number, message)) = received.pop_fresh() else {
            self.seen = received.next_number();
            return None;
        };
        self.seen = number + 1;
        Some((Offered::Fresh(number), message))
    }

    /// Whether there are messages that have not been offered.
    pub(crate) fn is_behind(&self, received: &Received) -> bool {
        !received.fresh_is_empty() || self.seen < received.next_number()
    }

    fn next_filed(&mut self, received: &mut Received) -> Option<(Offered, Message)> {
        let types = match &self.interest {
            Some(interest) if !interest.any => Some(interest.types.as_slice()),
            _ => None,
        };
        let Some(place) = received.find(types, self.seen) else {
            // Everything filed is either seen or of another type.
            self.seen = received.next_number();
            return None;
        };
        self.seen = place.number + 1;
        let message = received.borrow(place)?;
        Some((Offered::Filed(place), message))
    }

    /// Whether the types asked for must be learnt before `next`.
    pub(crate) fn needs_interest(&self, received: &Received) -> bool {
        self.interest.is_none() && received.has_skipped()
    }

    /// Learns the types from the arms.
    pub(crate) fn learn(&mut self, ask: impl FnOnce(&mut Candidate)) {
        let mut candidate = Candidate(Offer::Ask(Interest::default()));
        ask(&mut candidate);
        if let Offer::Ask(interest) = candidate.0 {
            self.interest = Some(interest);
        }
    }
}

impl Candidate {
    pub(crate) fn new(message: Message) -> Self {
        Self(Offer::Message(message))
    }

    /// The message, if no arm has taken it, and the panic of a guard, to be resumed once the
    /// message is back in the mailbox (S2).
    #[inline]
    pub(crate) fn into_rejected(self) -> Option<(Message, Option<Payload>)> {
        match self.0 {
            Offer::Message(message) => Some((message, None)),
            Offer::Panicked(message, payload) => Some((message, Some(payload))),
            Offer::Ask(_) | Offer::Taken => None,
        }
    }

    /// Offers the message to an arm for one type. `arm` gives it back if the pattern or the guard
    /// says no. `M` is inferred from the pattern.
    #[inline]
    pub fn arm<M: Any + Send, R>(&mut self, arm: impl FnOnce(M) -> Result<R, M>) -> Option<R> {
        match &mut self.0 {
            Offer::Message(message) if message.is::<M>() => self.offer(|m| m.offer(arm)),
            Offer::Ask(interest) => {
                interest.types.push(TypeId::of::<M>());
                None
            }
            _ => None,
        }
    }

    /// Offers the message to a catch-all arm.
    #[inline]
    pub fn any<R>(&mut self, arm: impl FnOnce(Message) -> Result<R, Message>) -> Option<R> {
        match &mut self.0 {
            Offer::Message(_) => self.offer(arm),
            Offer::Ask(interest) => {
                interest.any = true;
                None
            }
            _ => None,
        }
    }

    #[inline]
    fn offer<R>(&mut self, arm: impl FnOnce(Message) -> Result<R, Message>) -> Option<R> {
        let Offer::Message(message) = std::mem::replace(&mut self.0, Offer::Taken) else {
            return None;
        };
        match arm(message) {
            Ok(taken) => Some(taken),
            Err(message) => {
                self.0 = match GUARD_PANIC.take() {
                    None => Offer::Message(message),
                    Some(payload) => Offer::Panicked(message, payload),
                };
                None
            }
        }
    }
}

/// Evaluates a guard. A panic in it reads as "no" until the message is back in the mailbox, and is
/// resumed then, so that a guard that panics loses no message (S2).
#[inline]
pub fn guard(guard: impl FnOnce() -> bool) -> bool {
    catch_unwind(AssertUnwindSafe(guard)).unwrap_or_else(|payload| {
        GUARD_PANIC.set(Some(payload));
        false
    })
}

//! Where a caller and whoever answers it meet.
//!
//! ```text
//!   Calling / Pending ──▶ Use ──▶ Cell ◀── number of the use ◀── ReplyTo, inside the message
//! ```
//!
//! A cell lives for ever and serves one call after the other, so that a call allocates nothing and
//! counts no references. The caller has it to itself for the time of one [`Use`]; whoever answers
//! knows the cell by its index, and the use by its number ([`UseId`]), which is compared under the
//! lock: an answer that comes late finds another number there and has no effect.
//!
//! All is done under the lock of the cell, each step in one critical section:
//!
//! | who | step | state before | state after |
//! |---|---|---|---|
//! | caller | [`Use::poll`]: waits | open | open, with its waker |
//! | caller | [`Use::poll`], [`Use::close`]: takes it | settled | open, under the next number |
//! | caller | [`Use::close`]: gives up | open | open, under the next number |
//! | answerer | [`settle`]: answers | open, under its number | settled |
//! | answerer | [`settle`]: too late | another number, or settled | the same |
//!
//! - E1: a use is settled once: by an answer, by an error, or by the caller who gives up. What
//!   comes second has no effect.
//! - E2: no code of a user's runs under the lock: wakers are cloned and called, and values dropped,
//!   outside.
//! - E3: only the caller ends a use, and the number of a use is never used again; so nothing of one
//!   call is ever seen by another.
//! - E4: a caller that was told to wait is woken by who settles: its waker is in the cell before
//!   the lock is let go, and whoever settles takes it out in the section that settles.

use std::mem;
use std::num::NonZeroU32;
#[cfg(not(kerosene_loom))]
use std::sync::Mutex;
use std::sync::PoisonError;
use std::task::{Context, Poll, Waker};

#[cfg(kerosene_loom)]
use loom::sync::Mutex;

use super::CallError;
use super::cells::{cell_of, give_back, take};
use crate::{Message, Pid};

/// How a call ended; the answer in a message, as cells serve calls of all types.
pub(super) type Outcome = Result<Message, CallError>;

/// A place for the outcome of one call after the other.
// A line of the cache, so that calls of two cores do not disturb each other.
#[repr(align(64))]
pub(super) struct Cell(Mutex<Inner>);

/// What the lock guards.
struct Inner {
    /// The number of the present use, or of the next one. `None`: all are used up.
    number: Option<NonZeroU32>,
    state: State,
}

enum State {
    /// Not answered.
    Open(Asked),
    Settled(Outcome),
}

#[derive(Default)]
struct Asked {
    /// That of a caller who waits.
    waker: Option<Waker>,
    /// The process that answers before it does anything else, if that is known.
    answerer: Option<Pid>,
}

/// Which use of which cell: what travels with a request. One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UseId {
    pub(super) index: u32,
    number: NonZeroU32,
}

/// Where the answer to a request will come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answerer {
    /// From this process, before it does anything else.
    Known(Pid),
    Unknown,
    /// It has come, or is not waited for any more.
    Nobody,
}

/// A cell for one call, in the hands of its caller.
pub(super) struct Use {
    cell: &'static Cell,
    id: UseId,
}

impl Default for Cell {
    fn default() -> Self {
        let state = State::Open(Asked::default());
        Self(Mutex::new(Inner { number: Some(NonZeroU32::MIN), state }))
    }
}

impl Cell {
    /// Its first use, for whoever has made it.
    pub(super) fn first_use(&'static self, index: u32) -> Use {
        Use { cell: self, id: UseId { index, number: NonZeroU32::MIN } }
    }

    #[inline]
    fn with<R>(&self, f: impl FnOnce(&mut Inner) -> R) -> R {
        // Nothing panics under the lock (E2), so it is never poisoned.
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Calls `f` with what was asked, if the use is that of `id` and not settled.
    fn with_asked<R>(&self, id: UseId, f: impl FnOnce(&mut Asked) -> R) -> Option<R> {
        self.with(|inner| match &mut inner.state {
            State::Open(asked) if inner.number == Some(id.number) => Some(f(asked)),
            _ => None,
        })
    }

    #[inline]
    pub(super) fn settle(&self, id: UseId, outcome: Outcome) -> Result<Option<Waker>, Outcome> {
        self.with(|inner| match &mut inner.state {
            State::Open(asked) if inner.number == Some(id.number) => {
                let waker = asked.waker.take();
                inner.state = State::Settled(outcome);
                Ok(waker)
            }
            _ => Err(outcome),
        })
    }
}

impl Inner {
    /// Ends the use (E3). Returns what was there, to be dropped outside.
    #[inline]
    fn end(&mut self) -> State {
        self.number = self.number.and_then(|number| number.checked_add(1));
        mem::replace(&mut self.state, State::Open(Asked::default()))
    }
}

impl Use {
    /// A use of a cell that nobody uses.
    #[inline]
    pub(super) fn new() -> Self {
        take()
    }

    #[inline]
    pub(super) fn id(&self) -> UseId {
        self.id
    }

    /// The caller looks for the outcome, and leaves its waker if there is none.
    ///
    /// When the outcome is there, the use has ended with this: nothing must be done but
    /// [`Self::recycle`] it.
    #[inline]
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let mut waker = Some(cx.waker().clone());
        let before = self.cell.with(|inner| match &mut inner.state {
            State::Open(asked) => {
                mem::swap(&mut asked.waker, &mut waker);
                None
            }
            State::Settled(_) => Some(inner.end()),
        });
        match before {
            Some(State::Settled(outcome)) => Poll::Ready(outcome),
            Some(State::Open(_)) | None => Poll::Pending,
        }
    }

    /// The caller takes the outcome, if there is one, and wants nothing any more.
    pub(super) fn close(self) -> Option<Outcome> {
        let outcome = self.end();
        self.recycle();
        outcome
    }

    /// The same; after it, nothing must be done but [`Self::recycle`] it.
    pub(super) fn end(&self) -> Option<Outcome> {
        match self.cell.with(Inner::end) {
            State::Settled(outcome) => Some(outcome),
            State::Open(_) => None,
        }
    }

    /// Lets others use the cell: the use has ended.
    #[inline]
    pub(super) fn recycle(self) {
        if let Some(next) = self.next() {
            give_back(next);
        }
    }

    /// The use after this one, which has ended. `None`: all are used up, and the cell rests for
    /// ever.
    #[inline]
    pub(super) fn next(self) -> Option<Self> {
        let number = self.id.number.checked_add(1)?;
        Some(Self { id: UseId { number, ..self.id }, ..self })
    }
}

/// Settles a use and wakes the caller. Returns what came too late.
#[inline]
pub(super) fn settle(id: UseId, outcome: Outcome) -> Option<Outcome> {
    match cell_of(id).settle(id, outcome) {
        Ok(waker) => {
            if let Some(waker) = waker {
                waker.wake();
            }
            None
        }
        Err(late) => Some(late),
    }
}

/// Whether the caller still waits.
pub(super) fn is_open(id: UseId) -> bool {
    cell_of(id).with_asked(id, |_| ()).is_some()
}

/// The answer can come from nowhere but `process`, out of what it does now or, if it has not
/// received the request, what it does then.
pub(super) fn bind(id: UseId, process: Pid) {
    let bind = |asked: &mut Asked| asked.answerer = asked.answerer.or(Some(process));
    let _ = cell_of(id).with_asked(id, bind);
}

pub(super) fn answerer(id: UseId) -> Answerer {
    match cell_of(id).with_asked(id, |asked| asked.answerer) {
        Some(Some(process)) => Answerer::Known(process),
        Some(None) => Answerer::Unknown,
        None => Answerer::Nobody,
    }
}

#[cfg(all(test, not(kerosene_loom)))]
mod tests {
    use super::*;

    fn poll(place: &Use) -> Poll<Option<u8>> {
        let outcome = place.poll(&mut Context::from_waker(Waker::noop()));
        outcome.map(|outcome| outcome.ok()?.downcast().ok())
    }

    fn answer(id: UseId, value: u8) -> Option<Outcome> {
        settle(id, Ok(Message::new(value)))
    }

    #[test]
    fn it_is_settled_once() {
        let place = Use::new();
        let id = place.id();
        assert!(poll(&place).is_pending());
        assert!(answer(id, 1).is_none());
        assert!(answer(id, 2).is_some());
        assert_eq!(poll(&place), Poll::Ready(Some(1)));
        assert!(!is_open(id));
    }

    #[test]
    fn an_answer_that_has_come_is_not_lost_by_giving_up() {
        let place = Use::new();
        let id = place.id();
        assert!(answer(id, 1).is_none());
        let outcome = place.close().and_then(Result::ok);
        assert_eq!(outcome.and_then(|answer| answer.downcast().ok()), Some(1_u8));
        assert!(answer(id, 2).is_some());
    }

    #[test]
    fn a_late_answer_is_not_seen_by_the_next_call_of_the_same_cell() {
        let cell: &'static Cell = Box::leak(Box::default());
        let first = cell.first_use(0);
        let late = first.id();
        assert!(cell.settle(late, Err(CallError::NoReply)).is_ok());
        assert!(poll(&first).is_ready());
        let next = first.next().expect("there are more numbers");
        assert!(cell.settle(late, Ok(Message::new(1_u8))).is_err());
        assert!(poll(&next).is_pending());
        assert!(cell.settle(next.id, Ok(Message::new(2_u8))).is_ok());
        assert_eq!(poll(&next), Poll::Ready(Some(2)));
    }

    #[test]
    fn a_cell_is_a_line_of_the_cache_and_its_use_a_word() {
        assert_eq!(size_of::<Cell>(), 64);
        assert_eq!(size_of::<Option<UseId>>(), 8);
    }
}

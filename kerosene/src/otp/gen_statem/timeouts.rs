//! The time-outs of a state machine.
//!
//! A time-out holds the event it will bring. A timer sends the machine only a note that its time
//! has come ([`Elapsed`]), so that a time-out which was cancelled in the meantime, or replaced, has
//! no event any more, and its note means nothing: what is cancelled is never delivered.
//!
//! - W1: there is one time-out of each [`Kind`] at most; setting it again replaces it.
//! - W2: notes name the time-out they are for by a number that is never used again.
//! - W3: a time-out of no time needs no timer. It is *due*: it comes after the events inside the
//!   machine and before any from outside, first set first, and can be cancelled until then.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::Name;

/// Which time-out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Of the state: cancelled when that changes.
    State,
    /// Of silence: cancelled by any event.
    Event,
    /// Cancelled by nothing but the machine itself.
    Named(Name),
}

/// What a callback wants done about a time-out.
#[derive(Debug)]
pub(super) enum Action<E> {
    Set(Kind, Duration, E),
    /// Changes the event and leaves the time.
    Update(Kind, E),
    Cancel(Kind),
}

/// The note of a timer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Elapsed {
    kind: Kind,
    number: u64,
}

/// What starts timers, and cancels them. A note that comes after that does no harm.
pub(super) trait Clock {
    type Timer;

    fn start(&mut self, after: Duration, note: Elapsed) -> Self::Timer;

    fn cancel(&mut self, timer: Self::Timer);
}

#[derive(Debug)]
pub(super) struct Timeouts<E, C: Clock> {
    clock: C,
    running: HashMap<Kind, Running<E, C::Timer>>,
    /// Those without a timer, in the order in which they were set (W3). One whose number does not
    /// match any more was cancelled.
    due: VecDeque<Elapsed>,
    next_number: u64,
}

#[derive(Debug)]
struct Running<E, T> {
    number: u64,
    event: E,
    timer: Option<T>,
}

impl<E, C: Clock> Timeouts<E, C> {
    pub(super) fn new(clock: C) -> Self {
        Self { clock, running: HashMap::new(), due: VecDeque::new(), next_number: 0 }
    }

    pub(super) fn apply(&mut self, action: Action<E>) {
        match action {
            Action::Set(kind, Duration::MAX, _) | Action::Cancel(kind) => self.cancel(&kind),
            Action::Set(kind, after, event) => self.set(kind, after, event),
            Action::Update(kind, event) => match self.running.get_mut(&kind) {
                Some(running) => running.event = event,
                None => self.set(kind, Duration::ZERO, event),
            },
        }
    }

    pub(super) fn cancel(&mut self, kind: &Kind) {
        if let Some(Running { timer: Some(timer), .. }) = self.running.remove(kind) {
            self.clock.cancel(timer);
        }
    }

    /// The event of the time-out that this note is for, if it still stands.
    pub(super) fn elapsed(&mut self, note: &Elapsed) -> Option<E> {
        let stands = self.running.get(&note.kind).is_some_and(|it| it.number == note.number);
        let running = if stands { self.running.remove(&note.kind) } else { None };
        running.map(|it| it.event)
    }

    /// The event of the first time-out that is due (W3).
    pub(super) fn take_due(&mut self) -> Option<E> {
        while let Some(note) = self.due.pop_front() {
            if let Some(event) = self.elapsed(&note) {
                return Some(event);
            }
        }
        None
    }

    #[cfg(test)]
    pub(super) fn clock_mut(&mut self) -> &mut C {
        &mut self.clock
    }

    fn set(&mut self, kind: Kind, after: Duration, event: E) {
        self.cancel(&kind);
        let number = self.next_number;
        self.next_number += 1;
        let note = Elapsed { kind: kind.clone(), number };
        let timer = if after.is_zero() {
            self.due.push_back(note);
            None
        } else {
            Some(self.clock.start(after, note))
        };
        self.running.insert(kind, Running { number, event, timer });
    }
}

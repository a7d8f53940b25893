//! Where a caller and whoever answers it meet.
//!
//! ```text
//!   Calling / Pending ──▶ Cell ◀── ReplyTo, inside the message
//! ```
//!
//! - E1: the cell is settled once: by an answer, by an error, or by the caller who gives up. What
//!   comes second has no effect.
//! - E2: no code of a user's runs under the lock: wakers are cloned and called, and values dropped,
//!   outside.

use std::mem;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use super::CallError;
use crate::Pid;

/// What caller and answerer share.
#[derive(Debug)]
pub(super) struct Cell<T> {
    state: Mutex<State<T>>,
    /// The process that answers before it does anything else, if that is known.
    answerer: OnceLock<Pid>,
}

#[derive(Debug)]
enum State<T> {
    /// Not answered; the waker of a caller that waits.
    Open(Option<Waker>),
    Settled(Result<T, CallError>),
    /// The caller has what it wanted, or wants nothing any more.
    Closed,
}

impl<T> Cell<T> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State::Open(None)), answerer: OnceLock::new() }
    }

    /// Settles it and wakes the caller. Returns what came too late.
    pub(super) fn settle(&self, outcome: Result<T, CallError>) -> Option<Result<T, CallError>> {
        let before = {
            let mut state = self.lock();
            if !matches!(*state, State::Open(_)) {
                return Some(outcome);
            }
            mem::replace(&mut *state, State::Settled(outcome))
        };
        if let State::Open(Some(waker)) = before {
            waker.wake();
        }
        None
    }

    /// The caller looks for the outcome, and leaves its waker if there is none.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let own_waker = cx.waker().clone();
        let mut state = self.lock();
        let replaced = match &mut *state {
            State::Open(waker) => waker.replace(own_waker),
            State::Settled(_) | State::Closed => {
                return match mem::replace(&mut *state, State::Closed) {
                    State::Settled(outcome) => Poll::Ready(outcome),
                    // Whoever polls on after the end hears what a caller hears who gave up.
                    State::Open(_) | State::Closed => Poll::Ready(Err(CallError::NoReply)),
                };
            }
        };
        drop(state);
        drop(replaced);
        Poll::Pending
    }

    /// The caller takes the outcome, if there is one, and wants nothing any more.
    pub(super) fn close(&self) -> Option<Result<T, CallError>> {
        let before = mem::replace(&mut *self.lock(), State::Closed);
        match before {
            State::Settled(outcome) => Some(outcome),
            State::Open(_) | State::Closed => None,
        }
    }

    /// Whether the caller still waits.
    pub(super) fn is_open(&self) -> bool {
        matches!(*self.lock(), State::Open(_))
    }

    /// The answer can come from nowhere but `process`, out of what it does now or, if it has not
    /// received the request, what it does then.
    pub(super) fn bind(&self, process: Pid) {
        let _ = self.answerer.set(process);
    }

    pub(super) fn answerer(&self) -> Option<Pid> {
        self.answerer.get().copied()
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No panic is possible under the lock (E2), so it is never poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll<T>(cell: &Cell<T>) -> Poll<Result<T, CallError>> {
        cell.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn it_is_settled_once() {
        let cell = Cell::new();
        assert!(poll(&cell).is_pending());
        assert!(cell.settle(Ok(1)).is_none());
        assert_eq!(cell.settle(Ok(2)), Some(Ok(2)));
        assert_eq!(poll(&cell), Poll::Ready(Ok(1)));
        assert!(!cell.is_open());
    }

    #[test]
    fn an_answer_that_has_come_is_not_lost_by_giving_up() {
        let cell = Cell::new();
        assert!(cell.settle(Ok(1)).is_none());
        assert_eq!(cell.close(), Some(Ok(1)));
        assert_eq!(cell.settle(Ok(2)), Some(Ok(2)));
    }
}

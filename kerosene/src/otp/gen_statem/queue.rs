//! The events of a state machine that are inside it: waiting for their turn, or postponed.
//!
//! One can think of them as one line with a mark in it. Events before the mark are postponed, the
//! one at the mark is handled next, and when the state changes the mark goes back to the start:
//!
//! ```text
//!   postponed, oldest first │ inserted, then older ones that were postponed before
//!   ────────────────────────┼──────────────────────────────────────────────────────
//!                           └ next
//! ```
//!
//! - Q1: what is behind the mark comes before anything that is still in the mailbox.
//! - Q2: an event that is handled leaves the line, or, if it is postponed, stays before the mark.
//! - Q3: events are inserted at the mark, in their order, after the mark has moved.

use std::collections::VecDeque;

#[derive(Debug)]
pub(super) struct Queue<E> {
    /// Before the mark.
    postponed: VecDeque<E>,
    /// Behind it.
    ready: VecDeque<E>,
}

impl<E> Queue<E> {
    pub(super) fn new() -> Self {
        Self { postponed: VecDeque::new(), ready: VecDeque::new() }
    }

    /// Takes the event at the mark. It must be [settled](Self::settle) before the next is taken.
    pub(super) fn next(&mut self) -> Option<E> {
        self.ready.pop_front()
    }

    /// What has become of the event that was taken last, or has come from outside: whether the
    /// state has changed, whether the event is back to be postponed, and what is inserted.
    pub(super) fn settle(&mut self, is_changed: bool, postponed: Option<E>, inserted: Vec<E>) {
        self.postponed.extend(postponed);
        if is_changed {
            self.postponed.append(&mut self.ready);
            std::mem::swap(&mut self.postponed, &mut self.ready);
        }
        for event in inserted.into_iter().rev() {
            self.ready.push_front(event);
        }
    }
}

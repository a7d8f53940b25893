//! A model of the cell of a call between its caller and those who answer it.
//!
//! The cell and its uses are the real ones, with loom's lock in place of ours. loom tries every
//! order in which the threads come to it.
//!
//! - X1: a caller that has looked in vain is woken, so no outcome is left unseen (E4).
//! - X2: of an answer and its caller's giving up exactly one counts (E1).
//! - X3: what is late for one use never shows in the next use of the same cell (E3).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};

use loom::thread;

use super::CallError;
use super::cell::{Cell, Outcome, Use};
use crate::Message;

/// Counts how often it is woken.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Wake for Counting {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Relaxed);
    }
}

fn cell() -> &'static Cell {
    Box::leak(Box::default())
}

fn answer(value: u8) -> Outcome {
    Ok(Message::new(value))
}

fn value(outcome: Outcome) -> Option<u8> {
    outcome.ok()?.downcast().ok()
}

/// As `settle`, of a cell without an index.
fn settle(cell: &Cell, place: &Use, outcome: Outcome) -> bool {
    let settled = cell.settle(place.id(), outcome);
    if let Ok(Some(waker)) = &settled {
        waker.wake_by_ref();
    }
    settled.is_ok()
}

fn poll(place: &Use, waker: &Arc<Counting>) -> Poll<Option<u8>> {
    let waker = Waker::from(Arc::clone(waker));
    place.poll(&mut Context::from_waker(&waker)).map(value)
}

#[test]
fn a_caller_sees_the_answer_or_is_woken() {
    loom::model(|| {
        let cell = cell();
        let place = Arc::new(cell.first_use(0));
        let waker = Arc::new(Counting::default());
        let answerer = {
            let place = Arc::clone(&place);
            thread::spawn(move || assert!(settle(cell, &place, answer(1))))
        };
        let first = poll(&place, &waker);
        answerer.join().expect("no model panics");
        match first {
            Poll::Ready(value) => assert_eq!(value, Some(1)),
            Poll::Pending => {
                assert_eq!(waker.0.load(Relaxed), 1, "X1");
                assert_eq!(poll(&place, &waker), Poll::Ready(Some(1)));
            }
        }
    });
}

#[test]
fn of_two_answers_one_counts() {
    loom::model(|| {
        let cell = cell();
        let place = Arc::new(cell.first_use(0));
        let waker = Arc::new(Counting::default());
        assert!(poll(&place, &waker).is_pending());
        let other = {
            let place = Arc::clone(&place);
            thread::spawn(move || settle(cell, &place, Err(CallError::NoReply)))
        };
        let has_answered = settle(cell, &place, answer(1));
        let has_failed = other.join().expect("no model panics");
        assert!(has_answered != has_failed, "E1");
        assert_eq!(waker.0.load(Relaxed), 1, "X1");
        assert_eq!(poll(&place, &waker), Poll::Ready(has_answered.then_some(1)));
    });
}

#[test]
fn an_answer_to_who_has_given_up_is_not_seen_by_the_next_call() {
    loom::model(|| {
        let cell = cell();
        let first = cell.first_use(0);
        let late = first.id();
        let answerer = thread::spawn(move || cell.settle(late, answer(1)).is_ok());
        let outcome = first.end();
        let next = first.next().expect("there are more numbers");
        let waker = Arc::new(Counting::default());
        assert!(poll(&next, &waker).is_pending(), "X3");
        let has_counted = answerer.join().expect("no model panics");
        assert_eq!(outcome.and_then(value).is_some(), has_counted, "X2");
        assert!(poll(&next, &waker).is_pending(), "X3");
        assert!(settle(cell, &next, answer(2)));
        assert_eq!(poll(&next, &waker), Poll::Ready(Some(2)));
    });
}

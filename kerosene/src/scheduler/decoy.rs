//! A tokio task that does nothing, so that another one starts at once.
//!
//! A task that is woken by another task lies in a slot of tokio's worker from which nobody can
//! steal it: it would start when whoever woke it is done, and that may be a process in a long poll.
//! A decoy that is woken next pushes it out of that slot into the queue, and makes tokio wake a
//! thread.
//!
//! What tokio wakes while its worker is parked, as its driver does when a socket is ready, needs no
//! decoy: there is no poll in the way, the worker polls what was woken next. A decoy would wake a
//! second thread for nothing, once for each burst of input.

use std::cell::Cell;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

thread_local! {
    /// Whether this thread is a worker of tokio's that is parked, or runs the driver meanwhile.
    static PARKED: Cell<bool> = const { Cell::new(false) };
}

/// Says whether the worker of this thread is parked, as tokio tells.
pub(super) fn set_parked(is_parked: bool) {
    PARKED.set(is_parked);
}

/// Whether the worker of this thread is parked. On a tokio runtime that is not ours nobody says so.
pub(super) fn is_parked() -> bool {
    PARKED.get()
}

/// How to wake a task: that of a scheduler, of the timers, or the one that does nothing.
#[derive(Debug, Default)]
pub(super) struct Wakeable(Mutex<Option<Waker>>);

impl Wakeable {
    pub(super) fn set(&self, new: &Waker) {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *place {
            Some(old) => old.clone_from(new),
            None => *place = Some(new.clone()),
        }
    }

    pub(super) fn wake(&self) {
        let waker = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The body of a decoy: waits for ever, to be woken here.
    pub(super) async fn decoy(&self) {
        poll_fn(|cx| {
            self.set(cx.waker());
            Poll::<()>::Pending
        })
        .await;
    }
}

//! A tokio task that does nothing, so that another one starts at once.
//!
//! A task that is woken by another task lies in a slot of tokio's worker from which nobody can
//! steal it: it would start when whoever woke it is done, and that may be a process in a long poll.
//! A decoy that is spawned next pushes it out of that slot into the queue, and makes tokio wake a
//! thread.
//!
//! It is a new task each time. One that is woken again and again would lie in the slot itself, from
//! the last time, and to wake it then does nothing: what was woken a second time in one poll would
//! stay where it is.
//!
//! What tokio wakes while its worker is parked, as its driver does when a socket is ready, needs no
//! decoy: there is no poll in the way, the worker polls what was woken next. A decoy would wake a
//! second thread for nothing, once for each burst of input.

use std::cell::Cell;

use tokio::runtime::{Handle, RuntimeFlavor};

thread_local! {
    /// Whether this thread is a worker of tokio's that is parked, or runs the driver meanwhile.
    static PARKED: Cell<bool> = const { Cell::new(false) };
}

/// Says whether the worker of this thread is parked, as tokio tells. On a tokio runtime that is not
/// ours nobody says so.
pub(super) fn set_parked(is_parked: bool) {
    PARKED.set(is_parked);
}

/// To be called when a task has been woken, that others may take it, whatever this thread does now.
pub(super) fn push_out() {
    if PARKED.get() {
        return;
    }
    // Other threads are no workers, and a runtime of one thread has nobody who could take it.
    if let Ok(tokio) = Handle::try_current()
        && tokio.runtime_flavor() == RuntimeFlavor::MultiThread
    {
        spawn(&tokio);
    }
}

/// Spawns a task that does nothing.
pub(super) fn spawn(tokio: &Handle) {
    drop(tokio.spawn(async {}));
}

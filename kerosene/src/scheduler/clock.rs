//! The time of a turn.
//!
//! Reading the clock costs as much as a few messages. What needs no more than a rough time, the
//! moment of birth of a process, takes that of the scheduler's turn.

use std::cell::Cell;

use tokio::time::Instant;

use crate::process::Moment;

thread_local! {
    static TURN: Cell<Option<Moment>> = const { Cell::new(None) };
}

/// A scheduler's turn begins, or ends, on this thread.
pub(super) fn set_turn(time: Option<Instant>) {
    TURN.set(time.map(Moment::from));
}

/// The time, or that of the scheduler's turn.
pub(crate) fn coarse_now() -> Moment {
    TURN.get().unwrap_or_else(|| Instant::now().into())
}

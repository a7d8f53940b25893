//! The seam upward: what a process needs from who runs it.

use tokio::time::Instant;

use super::own::EndedBy;
use super::slot::Slot;
use crate::term::{ExitReason, Pid};

/// Who runs processes.
pub(crate) trait Schedule: Sync {
    /// Takes a process that has become `Queued`.
    fn enqueue(&'static self, slot: &'static Slot);

    /// Forgets the timers whose destination is `pid`.
    fn forget_timers(&self, pid: Pid);

    /// Wakes the process at this moment, for a timer of its body.
    fn arm(&'static self, deadline: Instant, pid: Pid) -> TimerKey;

    /// The number of the timer service that this scheduler keeps running.
    fn timer_service(&self) -> u32;

    /// Takes that back.
    fn disarm(&'static self, key: TimerKey);

    /// A process has ended; it was the last thing it did.
    fn ended(&'static self, pid: Pid, reason: &ExitReason, by: EndedBy);

    /// Whether the process that runs now should give way at this await, though it need not: always
    /// no, but for simulations.
    fn preempts(&self) -> bool;
}

/// Who runs a process, in one word.
pub(crate) type Scheduled = &'static &'static dyn Schedule;

/// Where a timer is kept: by deadline, and by number among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerKey {
    pub(crate) deadline: Instant,
    pub(crate) number: u64,
}

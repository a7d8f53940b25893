//! The seam upward: what a process needs from who runs it.

use std::fmt;

use tokio::time::Instant;

use super::own::EndedBy;
use super::slot::Slot;
use crate::term::{ExitReason, Pid};

/// Who runs processes.
pub(crate) trait Schedule: Sync {
    /// Takes a process that has become `Queued`.
    fn enqueue(&'static self, slot: &'static Slot);

    /// Forgets the timers whose destination is `pid`, which are there.
    fn forget_timers(&self, pid: Pid, at: TimersAt);

    /// Wakes the process at this moment, for a timer of its body.
    fn arm(&'static self, deadline: Instant, pid: Pid) -> TimerKey;

    /// The number of the shard in which threads that are no schedulers start timers.
    fn timer_shard(&self) -> u32;

    /// Takes that back.
    fn disarm(&'static self, key: TimerKey);

    /// A process has ended; it was the last thing it did.
    fn ended(&'static self, pid: Pid, reason: &ExitReason, by: EndedBy);

    /// Whether the process that runs now should give way at this await, though it need not: always
    /// no, but for simulations.
    fn preempts(&self) -> bool;
}

impl fmt::Debug for dyn Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schedule")
    }
}

/// Who runs a process, in one word.
pub(crate) type Scheduled = &'static &'static dyn Schedule;

/// A timer that wakes a process: when, and where it is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimerKey {
    pub(crate) deadline: Instant,
    pub(crate) number: u64,
    pub(crate) shard: u32,
    pub(crate) index: u32,
}

/// In which shards there may be timers aimed at a process: so its end need not ask all. In one
/// byte, as a slot has no room for more: 0 is nowhere, 255 anywhere, else the shard's number is one
/// less.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimersAt(u8);

impl TimersAt {
    pub(crate) const NOWHERE: Self = Self(0);
    pub(crate) const ANYWHERE: Self = Self(u8::MAX);

    /// There may be some in this shard, too.
    #[inline]
    pub(crate) fn add(&mut self, shard: u32) {
        let there = u8::try_from(shard + 1).map_or(Self::ANYWHERE, Self);
        *self = if *self == Self::NOWHERE || *self == there { there } else { Self::ANYWHERE };
    }

    /// The only shard in which there may be some, if it is known and there are any.
    pub(crate) fn shard(self) -> Option<u32> {
        if self == Self::ANYWHERE { None } else { u32::from(self.0).checked_sub(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shard_is_known_and_more_are_anywhere() {
        let mut at = TimersAt::default();
        assert_eq!((at, at.shard()), (TimersAt::NOWHERE, None));
        at.add(7);
        at.add(7);
        assert_eq!(at.shard(), Some(7));
        at.add(0);
        assert_eq!(at, TimersAt::ANYWHERE);
        at.add(7);
        assert_eq!((at, at.shard()), (TimersAt::ANYWHERE, None));
        for (shard, known) in [(0, Some(0)), (253, Some(253)), (254, None), (255, None)] {
            let mut at = TimersAt::NOWHERE;
            at.add(shard);
            assert_eq!(at.shard(), known);
            assert_ne!(at, TimersAt::NOWHERE);
        }
    }
}

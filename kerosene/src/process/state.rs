//! When a process runs: its state, changed only under its lock.
//!
//! ```text
//!            start             begin              end: nothing to do
//!   Vacant ────────▶ Queued ──────────▶ Running ────────────────────▶ Idle
//!     ▲                ▲                 │  │                           │
//!     │                ├─────────────────┘  │ ending                    │
//!     │                │  end: work to do   ▼                           │
//!     │                │                 Ending                         │
//!     │                └────────────────────┼───────────────────────────┘
//!     └─────────────────────────────────────┘      message, control, wake, timer
//!                     vacate
//! ```
//!
//! - T1: while a process is `Queued` it is in a run queue of its schedulers; it enters by the
//!   caller of `start`, or of the transition that returned [`Act::Enqueue`]. There may be a
//!   second, stale entry, where two have taken the same one (`AtomicSlot::take_loosely`,
//!   `replace_loosely`): whoever comes first runs the process, and the other finds it not
//!   `Queued`, or queued anew, or a later tenant of the slot, whom it runs only if its own
//!   schedulers do.
//! - T2: only who has made it `Running` runs it, so `Running` and `Ending` belong to one thread.
//! - T3: no wake is lost: what arrives while it is `Running` is seen by `end`, in the same critical
//!   section that would make it `Idle`.
//! - T4: a message makes it run its body only if the body waits in a receive; other signals make it
//!   run, to be received, but not its body.

/// The state of a process.
#[derive(Debug, Default)]
pub(crate) struct State {
    phase: Phase,
    reasons: Reasons,
}

/// What there is to do, and what would be a reason to. Bits of one byte, as each turn asks for
/// several at once.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Reasons(u8);

impl Reasons {
    const NONE: Self = Self(0);
    /// The body is to be polled at the next turn.
    const POLL: Self = Self(1);
    /// A timer of the body has run out.
    const TIMER: Self = Self(2);
    /// Signals that are no messages are in the outer queue.
    const CONTROL: Self = Self(4);
    /// While idle or queued: the body waits in a receive.
    const RECEIVING: Self = Self(8);

    #[inline]
    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are also in `other`.
    #[inline]
    fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline]
    fn has(self, any: Self) -> bool {
        self.among(any) != Self::NONE
    }

    #[inline]
    fn add(&mut self, other: Self) {
        *self = self.and(other);
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Phase {
    #[default]
    Vacant,
    Idle,
    Queued,
    Running,
    Ending,
}

/// What the caller of a transition must do, after it has let go of the lock.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Act {
    Nothing,
    /// Put it into a run queue (T1).
    Enqueue,
}

/// How a turn begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) struct Begun(Reasons);

impl Begun {
    /// The body is to be polled, no timer has run out, and what has come are messages.
    #[inline]
    pub(crate) fn is_plain(self) -> bool {
        let others = Reasons::TIMER.and(Reasons::CONTROL);
        self.0.among(Reasons::POLL.and(others)) == Reasons::POLL
    }

    /// The body is to be polled.
    pub(crate) fn polls(self) -> bool {
        self.0.has(Reasons::POLL)
    }

    /// A timer has run out.
    pub(crate) fn has_timer(self) -> bool {
        self.0.has(Reasons::TIMER)
    }

    /// The body waits in a receive, so a message is a reason to poll it.
    pub(crate) fn receives(self) -> bool {
        self.0.has(Reasons::RECEIVING)
    }
}

impl State {
    /// A new process, which the caller puts into a run queue (T1).
    pub(crate) fn start(&mut self) {
        debug_assert_eq!(self.phase, Phase::Vacant, "a slot has one tenant");
        *self = Self { phase: Phase::Queued, reasons: Reasons::POLL };
    }

    /// A message has been queued.
    #[inline]
    pub(crate) fn message(&mut self) -> Act {
        if !self.reasons.has(Reasons::RECEIVING) {
            return Act::Nothing;
        }
        debug_assert!(matches!(self.phase, Phase::Idle | Phase::Queued), "who runs says so later");
        self.reasons.add(Reasons::POLL);
        self.enqueue_if_idle()
    }

    /// A signal that is no message has been queued.
    pub(crate) fn control(&mut self) -> Act {
        self.reasons.add(Reasons::CONTROL);
        self.enqueue_if_idle()
    }

    /// Whether signals that are no messages are in the outer queue.
    #[inline]
    pub(crate) fn has_control(&self) -> bool {
        self.reasons.has(Reasons::CONTROL)
    }

    /// The outer queue was taken.
    pub(crate) fn take_control(&mut self) -> bool {
        let had_control = self.has_control();
        self.reasons.0 &= !Reasons::CONTROL.0;
        had_control
    }

    /// The waker of the body was called.
    #[inline]
    pub(crate) fn wake(&mut self) -> Act {
        if matches!(self.phase, Phase::Vacant | Phase::Ending) {
            return Act::Nothing;
        }
        self.reasons.add(Reasons::POLL);
        self.enqueue_if_idle()
    }

    /// A timer of the body has run out.
    pub(crate) fn timer(&mut self) -> Act {
        self.reasons.add(Reasons::TIMER);
        self.wake()
    }

    #[inline]
    fn enqueue_if_idle(&mut self) -> Act {
        if self.phase != Phase::Idle {
            return Act::Nothing;
        }
        self.phase = Phase::Queued;
        Act::Enqueue
    }

    /// A scheduler has taken the process out of its queue. `None`: the entry is stale.
    #[inline]
    pub(crate) fn begin(&mut self) -> Option<Begun> {
        if self.phase != Phase::Queued {
            return None;
        }
        let begun = Begun(self.reasons);
        self.phase = Phase::Running;
        self.reasons = begun.0.among(Reasons::CONTROL);
        Some(begun)
    }

    /// The turn is over. `Enqueue`: the process has more to do (T3).
    #[inline]
    pub(crate) fn end(&mut self, receiving: bool, signals_wait: bool) -> Act {
        debug_assert_eq!(self.phase, Phase::Running, "T2");
        if receiving {
            let poll = if signals_wait { Reasons::POLL } else { Reasons::NONE };
            self.reasons.add(Reasons::RECEIVING.and(poll));
        }
        if self.reasons.has(Reasons::POLL.and(Reasons::CONTROL)) {
            self.phase = Phase::Queued;
            return Act::Enqueue;
        }
        self.phase = Phase::Idle;
        Act::Nothing
    }

    /// The process will not run again.
    pub(crate) fn ending(&mut self) {
        debug_assert_eq!(self.phase, Phase::Running, "T2");
        self.phase = Phase::Ending;
    }

    /// The process is gone.
    pub(crate) fn vacate(&mut self) {
        *self = Self::default();
    }

    /// Whether there is a process that may still run.
    pub(crate) fn is_live(&self) -> bool {
        !matches!(self.phase, Phase::Vacant | Phase::Ending)
    }

    pub(crate) fn is_vacant(&self) -> bool {
        self.phase == Phase::Vacant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idle(receiving: bool) -> State {
        let mut state = State::default();
        state.start();
        assert!(state.begin().expect("queued").polls());
        assert_eq!(state.end(receiving, false), Act::Nothing);
        state
    }

    #[test]
    fn a_message_wakes_only_who_receives() {
        assert_eq!(idle(false).message(), Act::Nothing);
        let mut state = idle(true);
        assert_eq!(state.message(), Act::Enqueue);
        assert_eq!(state.message(), Act::Nothing);
        assert!(state.begin().expect("queued").polls());
    }

    #[test]
    fn a_control_signal_runs_the_process_but_not_its_body() {
        for receiving in [false, true] {
            let mut state = idle(receiving);
            assert_eq!(state.control(), Act::Enqueue);
            assert!(!state.begin().expect("queued").polls());
        }
    }

    #[test]
    fn a_message_behind_a_control_signal_polls_who_receives() {
        let mut state = idle(true);
        assert_eq!(state.control(), Act::Enqueue);
        assert_eq!(state.message(), Act::Nothing);
        assert!(state.begin().expect("queued").polls());
    }

    #[test]
    fn what_comes_during_the_turn_is_seen_at_its_end() {
        let mut state = idle(true);
        assert_eq!(state.wake(), Act::Enqueue);
        let _ = state.begin();
        assert_eq!(state.wake(), Act::Nothing);
        assert_eq!(state.end(false, false), Act::Enqueue);
        let _ = state.begin();
        assert_eq!(state.end(true, true), Act::Enqueue);
        let _ = state.begin();
        assert_eq!(state.end(false, true), Act::Nothing);
    }

    #[test]
    fn a_stale_entry_is_not_run() {
        assert_eq!(idle(true).begin(), None);
        assert_eq!(State::default().begin(), None);
    }

    #[test]
    fn the_dead_do_not_wake() {
        let mut state = idle(true);
        let _ = state.wake();
        let _ = state.begin();
        state.ending();
        assert_eq!(state.wake(), Act::Nothing);
        assert_eq!(state.control(), Act::Nothing);
        state.vacate();
        assert_eq!(state.timer(), Act::Nothing);
        assert!(state.is_vacant());
    }
}

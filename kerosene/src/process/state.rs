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
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
#[derive(Debug, Default)]
pub(crate) struct State {
    phase: Phase,
    /// The body is to be polled at the next turn.
    poll: bool,
    /// A timer of the body has run out.
    timer: bool,
    /// While idle or queued: the body waits in a receive.
    receiving: bool,
    /// Signals that are no messages are in the outer queue.
    has_control: bool,
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
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) struct Begun {
    /// The body is to be polled.
    pub(crate) poll: bool,
    /// A timer has run out.
    pub(crate) timer: bool,
    /// The body waits in a receive, so a message is a reason to poll it.
    pub(crate) receiving: bool,
    /// Signals have come. Filled in by who receives them.
    pub(crate) has_new: bool,
    /// They are not all messages, and are still to be received.
    pub(crate) has_arrived: bool,
}

impl State {
    /// A new process, which the caller puts into a run queue (T1).
    pub(crate) fn start(&mut self) {
        debug_assert_eq!(self.phase, Phase::Vacant, "a slot has one tenant");
        *self = Self { phase: Phase::Queued, poll: true, ..Self::default() };
    }

    /// A message has been queued.
    #[inline]
    pub(crate) fn message(&mut self) -> Act {
        if !self.receiving {
            return Act::Nothing;
        }
        self.wake()
    }

    /// A signal that is no message has been queued.
    pub(crate) fn control(&mut self) -> Act {
        self.has_control = true;
        self.enqueue_if_idle()
    }

    /// Whether signals that are no messages are in the outer queue.
    #[inline]
    pub(crate) fn has_control(&self) -> bool {
        self.has_control
    }

    /// The outer queue was taken.
    pub(crate) fn take_control(&mut self) -> bool {
        std::mem::take(&mut self.has_control)
    }

    /// The waker of the body was called.
    #[inline]
    pub(crate) fn wake(&mut self) -> Act {
        if matches!(self.phase, Phase::Vacant | Phase::Ending) {
            return Act::Nothing;
        }
        self.poll = true;
        self.enqueue_if_idle()
    }

    /// A timer of the body has run out.
    pub(crate) fn timer(&mut self) -> Act {
        self.timer = true;
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
        let begun = Begun {
            poll: self.poll,
            timer: self.timer,
            receiving: self.receiving,
            has_new: false,
            has_arrived: false,
        };
        let has_control = self.has_control;
        *self = Self { phase: Phase::Running, has_control, ..Self::default() };
        Some(begun)
    }

    /// The turn is over. `Enqueue`: the process has more to do (T3).
    #[inline]
    pub(crate) fn end(&mut self, receiving: bool, signals_wait: bool) -> Act {
        debug_assert_eq!(self.phase, Phase::Running, "T2");
        self.receiving = receiving;
        self.poll |= receiving && signals_wait;
        if self.poll || self.has_control {
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
        assert!(state.begin().expect("queued").poll);
        assert_eq!(state.end(receiving, false), Act::Nothing);
        state
    }

    #[test]
    fn a_message_wakes_only_who_receives() {
        assert_eq!(idle(false).message(), Act::Nothing);
        let mut state = idle(true);
        assert_eq!(state.message(), Act::Enqueue);
        assert_eq!(state.message(), Act::Nothing);
        assert!(state.begin().expect("queued").poll);
    }

    #[test]
    fn a_control_signal_runs_the_process_but_not_its_body() {
        for receiving in [false, true] {
            let mut state = idle(receiving);
            assert_eq!(state.control(), Act::Enqueue);
            assert!(!state.begin().expect("queued").poll);
        }
    }

    #[test]
    fn a_message_behind_a_control_signal_polls_who_receives() {
        let mut state = idle(true);
        assert_eq!(state.control(), Act::Enqueue);
        assert_eq!(state.message(), Act::Nothing);
        assert!(state.begin().expect("queued").poll);
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

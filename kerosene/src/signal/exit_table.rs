//! The exit table: what an exit signal does to the process that receives it.
//!
//! | mechanism | reason | not trapping | trapping |
//! |---|---|---|---|
//! | `exit_signal`, from another | `Normal` | ignored | message |
//! | `exit_signal`, to itself | `Normal` | ignored | message |
//! | `exit_signal` | `Kill` | dies `Killed` | dies `Killed` |
//! | `exit_signal` | any other | dies of it | message |
//! | link | `Normal` | ignored | message |
//! | link | any other, `Kill` too | dies of it | message |
//!
//! Erlang's `exit/2` to itself with `normal` kills; its `exit_signal/2` does not, nor does this.

use crate::term::ExitReason;

/// How an exit signal came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitKind {
    /// Over an active link, from a process that ended.
    Link,
    /// From a call of `exit_signal`.
    Signal,
}

/// What it does.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub(crate) enum ExitEffect {
    /// Nothing.
    Ignore,
    /// The process ends with this reason.
    Die(ExitReason),
    /// It becomes an `Exit` message.
    Deliver(ExitReason),
}

/// Looks the effect up.
pub(crate) fn exit_effect(kind: ExitKind, reason: ExitReason, trapping: bool) -> ExitEffect {
    match (kind, reason) {
        (ExitKind::Signal, ExitReason::Kill) => ExitEffect::Die(ExitReason::Killed),
        (_, reason) if trapping => ExitEffect::Deliver(reason),
        (_, ExitReason::Normal) => ExitEffect::Ignore,
        (_, reason) => ExitEffect::Die(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table() {
        use ExitEffect::{Deliver, Die, Ignore};
        use ExitKind::{Link, Signal};
        let boom = || ExitReason::from("boom");
        let rows = [
            (Signal, ExitReason::Normal, false, Ignore),
            (Signal, ExitReason::Normal, true, Deliver(ExitReason::Normal)),
            (Signal, ExitReason::Kill, false, Die(ExitReason::Killed)),
            (Signal, ExitReason::Kill, true, Die(ExitReason::Killed)),
            (Signal, ExitReason::Killed, false, Die(ExitReason::Killed)),
            (Signal, ExitReason::Killed, true, Deliver(ExitReason::Killed)),
            (Signal, ExitReason::NoProc, false, Die(ExitReason::NoProc)),
            (Signal, ExitReason::Shutdown, true, Deliver(ExitReason::Shutdown)),
            (Signal, boom(), false, Die(boom())),
            (Signal, boom(), true, Deliver(boom())),
            (Link, ExitReason::Normal, false, Ignore),
            (Link, ExitReason::Normal, true, Deliver(ExitReason::Normal)),
            (Link, ExitReason::Kill, false, Die(ExitReason::Kill)),
            (Link, ExitReason::Kill, true, Deliver(ExitReason::Kill)),
            (Link, ExitReason::Killed, false, Die(ExitReason::Killed)),
            (Link, ExitReason::Killed, true, Deliver(ExitReason::Killed)),
            (Link, boom(), false, Die(boom())),
            (Link, boom(), true, Deliver(boom())),
        ];
        for (kind, reason, trapping, effect) in rows {
            let case = format!("{kind:?} {reason:?} trapping={trapping}");
            assert_eq!(exit_effect(kind, reason, trapping), effect, "{case}");
        }
    }
}

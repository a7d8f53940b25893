//! What the end of a child means: a function from data to data.

use super::flags::{AutoShutdown, Restart};
use crate::ExitReason;

/// What becomes of a child that has ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Verdict {
    /// It is started again.
    Restart,
    /// It stays as it is, stopped; it can be started by hand.
    Keep,
    /// Its spec is dropped.
    Forget,
}

/// The table of restarts.
pub(crate) fn verdict(restart: Restart, reason: &ExitReason) -> Verdict {
    match restart {
        Restart::Permanent => Verdict::Restart,
        Restart::Transient if reason.is_abnormal() => Verdict::Restart,
        Restart::Transient => Verdict::Keep,
        Restart::Temporary => Verdict::Forget,
    }
}

/// Whether a supervisor stops now that a child has ended by itself and is not restarted.
///
/// `others_live` tells whether another significant child is running or about to; it is asked only
/// where it matters.
pub(crate) fn shuts_down(
    auto_shutdown: AutoShutdown,
    is_significant: bool,
    others_live: impl FnOnce() -> bool,
) -> bool {
    match auto_shutdown {
        _ if !is_significant => false,
        AutoShutdown::Never => false,
        AutoShutdown::AnySignificant => true,
        AutoShutdown::AllSignificant => !others_live(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons() -> [ExitReason; 6] {
        [
            ExitReason::Normal,
            ExitReason::Shutdown,
            ExitReason::shutdown_with("done"),
            ExitReason::Killed,
            ExitReason::NoProc,
            ExitReason::from("boom"),
        ]
    }

    #[test]
    fn the_whole_table_of_restarts() {
        use Verdict::{Forget, Keep, Restart as Again};
        let table = [
            (Restart::Permanent, [Again, Again, Again, Again, Again, Again]),
            (Restart::Transient, [Keep, Keep, Keep, Again, Again, Again]),
            (Restart::Temporary, [Forget; 6]),
        ];
        for (restart, expected) in table {
            let found = reasons().map(|reason| verdict(restart, &reason));
            assert_eq!(found, expected, "{restart:?}");
        }
    }

    #[test]
    fn the_whole_table_of_automatic_shutdowns() {
        use AutoShutdown::{AllSignificant, AnySignificant, Never};
        for auto_shutdown in [Never, AnySignificant, AllSignificant] {
            for others_live in [false, true] {
                assert!(!shuts_down(auto_shutdown, false, || others_live));
                let expected = match auto_shutdown {
                    Never => false,
                    AnySignificant => true,
                    AllSignificant => !others_live,
                };
                assert_eq!(shuts_down(auto_shutdown, true, || others_live), expected);
            }
        }
    }
}

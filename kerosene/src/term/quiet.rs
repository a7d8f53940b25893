//! Running code of a user's where its panic must not go further.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `code`, mostly a `Drop`, and holds back its panic, which the panic hook has reported. Each
/// value is dropped for itself: two panics at once would end the program.
pub(crate) fn quietly(code: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(code)) {
        // Dropping the payload may panic again; that one's payload is given up.
        if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(second);
        }
    }
}

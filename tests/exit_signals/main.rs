//! How a process ends, by itself and by others: section 2 of SEMANTICS.md, seen from outside by a
//! process that does not trap exits. (`trap_exit.rs` is about those that do.)
//!
//! Each test looks at the reason in a `Down`, which is where the rules become visible.

mod reasons;
mod signals;
mod stopping;

use kerosene::prelude::*;

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

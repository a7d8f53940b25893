//! Signals and their order: section 1 of SEMANTICS.md, seen from outside.
//!
//! A process has one stream of incoming signals. These tests send signals of all kinds, by all ways
//! of naming the receiver, and look at the order in which their effects appear: in the mailbox, in
//! what `process_info` answers, and in what is heard of a death.

mod death;
mod delivery;
mod order;
mod questions;

use kerosene::prelude::*;

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

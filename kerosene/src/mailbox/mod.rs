//! One process' mailbox.
//!
//! ```text
//!                 any thread                        the process itself
//!   signals ──▶ ┌──────────┐   reception   ┌───────────────────────────────────────┐
//!               │ Incoming │ ────────────▶ │ Received                              │
//!               │ in order │               │   skipped: by type, each with a number│
//!               └──────────┘               │   fresh:   in order, never looked at  │
//!                under the lock            └───────────────────────────────────────┘
//! ```
//!
//! All signals of a process come through [`Incoming`], in one order: that is what keeps the order
//! of everything that one process sends to another. Entering [`Received`] is *reception*: only
//! messages get that far, the other signals have taken effect by then. A receive looks at messages
//! oldest first through a [`Scan`].

mod buffer;
mod fresh;
mod incoming;
mod received;
mod scan;

pub(crate) use buffer::Buffer;
pub(crate) use incoming::{Arrived, Incoming};
pub(crate) use received::{Place, Received};
pub(crate) use scan::Scan;
pub use scan::{Candidate, guard};

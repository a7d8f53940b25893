//! What the expansions of the macros call. Not for anybody else: it may change at any time.

mod entry;
mod test;

pub use crate::context::{Receive, Wait};
pub use crate::mailbox::{Candidate, guard};
pub use crate::term::Site;
pub use entry::run_main;
pub use test::{TestOptions, run_test};

//! What the expansions of the macros call. Not for anybody else: it may change at any time.

mod actor;
mod application;
mod entry;
mod supervisor;
mod test;

pub use crate::context::{Receive, Wait};
pub use crate::mailbox::{Candidate, guard};
pub use crate::term::Site;
pub use actor::{
    Described, DescribedByDebug, DescribedByName, Unknown, answer, answer_from_a_process, call,
    fit, unknown_message,
};
pub use application::run_application;
pub use entry::run_main;
pub use supervisor::{IntoChildSpec, child};
pub use test::{TestOptions, run_test};

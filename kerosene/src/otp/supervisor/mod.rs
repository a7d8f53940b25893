//! Supervisors: processes that start others, and start them again when they fail.
//!
//! What is decided is apart from what is done. These are functions from data to data:
//!
//! | file | what it decides |
//! |---|---|
//! | `decision` | what becomes of a child that has ended; whether its supervisor stops |
//! | `plan` | which children a restart stops and starts, and in which order |
//! | `intensity` | when there were too many restarts |
//! | `backoff` | how long to wait before one |
//!
//! `server` carries the answers out for children that have an order, `dynamic` for those that have
//! none; partitions are children of an ordinary supervisor. Both stand on `core`: waiting for the
//! next event, starting one child, stopping one; and have the loop of `supervise`.
//!
//! - S1: a supervisor runs no code of its users but their start functions, and those it holds by
//!   their panics (`start_fn`).
//! - S2: it waits for nothing but a child that is starting or stopping. A restart that fails, or
//!   that has to wait, is a state of the child and a note to oneself (`Again`), so that a
//!   supervisor whose children never start can still be asked, and stopped.
//! - S3: a restart looks at no child that it does not concern: children are found by pid and by id,
//!   and the restarts within the period are a queue.

mod answers;
mod backoff;
mod builder;
mod children;
mod core;
mod decision;
mod dynamic;
mod errors;
mod exits;
mod flags;
mod handle;
mod intensity;
mod partition;
mod pid_map;
mod plan;
mod probe;
mod report;
mod server;
mod spec;
mod start_fn;
mod supervise;
mod thread;

pub use backoff::Backoff;
pub use builder::Supervisor;
pub use dynamic::{DynamicSupervisor, DynamicSupervisorRef};
pub use errors::{ChildError, FailedToStartChild, SpecError, StartChildError};
pub use flags::{AutoShutdown, ChildKind, Restart, Shutdown, Strategy};
pub use handle::{ChildCounts, ChildInfo, ChildState, SupervisorRef};
pub use partition::{PartitionSupervisor, Partitions};
pub use probe::{HealthCheck, Probe};
pub use spec::ChildSpec;
pub use thread::Stopping;

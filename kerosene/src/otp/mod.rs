//! Patterns for programs that keep running: requests and their answers, starting processes that say
//! when they are ready, servers, and supervisors that start them again.
//!
//! Everything here is built on what a user of the crate can use.

#![forbid(unsafe_code)]

mod agent;
pub mod application;
mod call;
pub mod events;
pub mod gen_server;
pub mod gen_statem;
pub mod pg;
pub mod registry;
mod start;
mod supervisor;
pub mod sys;
pub mod task;

pub use agent::Agent;
pub use application::{Application, Applications};
pub use call::{
    Answer, Call, CallError, Calling, DEFAULT_TIMEOUT, Pending, ReplyTo, Request, Requests,
    blocking_call, call, call_with, cast, multi_call, send_request,
};
pub use events::Topic;
pub use gen_server::{GenServer, IdleTimeout, Init, IntoInit, IntoNext, Next};
pub use gen_statem::{GenStatem, Transition};
pub use pg::Scope;
pub use registry::Registry;
pub use start::{StartError, StartOptions, Starting, ancestors, start, start_link, start_monitor};
pub use supervisor::{
    AutoShutdown, Backoff, ChildCounts, ChildError, ChildInfo, ChildKind, ChildSpec, ChildState,
    DynamicSupervisor, DynamicSupervisorRef, FailedToStartChild, HealthCheck, PartitionSupervisor,
    Partitions, Probe, Restart, Shutdown, SpecError, StartChildError, Stopping, Strategy,
    Supervisor, SupervisorRef,
};
pub use task::{Task, TaskError};

pub use crate::whereis_or_wait;

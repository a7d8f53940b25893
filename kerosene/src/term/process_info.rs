//! What can be asked about a process: a snapshot, taken when the question is received.

use std::panic::Location;
use std::time::Duration;

use super::{Monitor, Name, Pid};

/// A snapshot of one process, from [`process_info`](crate::process_info).
///
/// It reflects all signals that the asker had sent to the process before.
///
/// In Erlang: the result of `process_info/1`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProcessInfo {
    /// Whose.
    pub pid: Pid,
    /// What it was doing when the question reached it.
    pub status: ProcessStatus,
    /// Its registered names, oldest first.
    pub names: Vec<Name>,
    /// A text that says what it is, from [`set_label`](crate::set_label).
    pub label: Option<String>,
    /// The processes linked to it.
    pub links: Vec<Pid>,
    /// The processes it monitors, with the handles of the monitors.
    pub monitors: Vec<(Monitor, Pid)>,
    /// The processes that monitor it, once for each monitor.
    pub monitored_by: Vec<Pid>,
    /// Whether exit signals arrive as messages.
    pub trap_exit: bool,
    /// Whether a `receive!` of it waits. It may wait for something else at the same time.
    pub is_receiving: bool,
    /// How many messages are in its mailbox.
    pub mailbox_len: usize,
    /// How many messages a `receive!` of it has looked at so far.
    pub messages_seen: u64,
    /// Work done so far, in units of one receive, send, spawn or poll.
    pub reductions: u64,
    /// Where it was spawned.
    pub spawned_at: &'static Location<'static>,
    /// Who spawned it; `None` if no process did.
    pub parent: Option<Pid>,
    /// The keys of its dictionary, in order.
    pub dictionary: Vec<String>,
    /// How long ago it was spawned.
    pub age: Duration,
}

/// What a process is doing.
///
/// In Erlang: the `status` item of `process_info/2`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessStatus {
    /// It is the process that asks.
    Running,
    /// It has work to do and waits for its turn.
    Runnable,
    /// It waits: in a `receive!` or a [`sleep`](crate::sleep) if `at` tells, else in an await of
    /// something that is not Kerosene's.
    Waiting {
        /// `file:line:column`, and what it waits for.
        at: Option<String>,
    },
}

//! The guide: how programs are made of processes. Pages to read, with examples that run.
//!
//! The documentation of each function says what that function does. These pages say how the
//! functions go together, where Kerosene differs from Erlang, and what to do when in doubt.
//!
//! | page | what it is about |
//! |---|---|
//! | [`processes`] | bodies and exit reasons, what may be awaited, names, the end, whole programs |
//! | [`receive`] | messages, patterns, guards, `after`, what selection costs |
//! | [`links_monitors_exits`] | how processes learn of each other's end, requests, restarts |
//! | [`timers`] | waiting, messages to be sent later, intervals, clocks |
//! | [`calls`] | requests and answers, errors, time-outs, answering later |
//! | [`actors`] | modules that are servers: callbacks, references, names |
//! | [`supervision_trees`] | restarts, strategies, giving up, stopping, children that come and go |
//! | [`state_machines`] | states as functions with a `receive!`, and `GenStatem` |
//! | [`tasks_and_agents`] | values computed by other processes, bounded streams, shared state |
//! | [`groups_registries_events`] | finding processes by what they are, telling many at once |
//! | [`applications`] | parts that start and stop as a whole |
//! | [`debugging`] | looking into a running system |
//! | [`testing`] | seeded runs in virtual time, stuck tests, what belongs on the real scheduler |
//! | [`coming_from_erlang`] | every function beside its BIF, the syntax, the differences |
//! | [`coming_from_actors`] | the same program for actix, ractor, kameo and Kerosene |
//!
//! In a hurry: read [`processes`] and [`receive`], and keep one of the last two open beside your
//! editor. `SEMANTICS.md` in the repository is the list of all guarantees, with the test of each.
//!
//! # Words
//!
//! They are Erlang's, and each means what it means there.
//!
//! | word | meaning |
//! |---|---|
//! | process | a future with a pid and a mailbox, which shares nothing and ends on its own |
//! | pid | the name of one process, for ever: when the process has ended, the pid stays dead |
//! | signal | what one process does to another: a message, an exit signal, a link, a monitor, ... |
//! | message | a value of any type, owned, sent to a process; it waits there to be taken |
//! | mailbox | where a process' messages are, from when they are received until they are taken |
//! | link | ties two processes: when one ends, the other gets an exit signal |
//! | monitor | lets one process see the end of another, as a [`Down`](crate::Down) message |
//! | exit reason | why a process ended; *abnormal* if it is no orderly end |
//! | to trap exits | to get exit signals as [`Exit`] messages instead of ending of them |
//! | supervisor | a process that starts others, its children, and again when they fail |
//! | reduction | a unit of work: one receive, send, spawn or turn |
//!
//! [`Exit`]: crate::Exit

pub mod actors;
pub mod applications;
pub mod calls;
pub mod coming_from_actors;
pub mod coming_from_erlang;
pub mod debugging;
pub mod groups_registries_events;
pub mod links_monitors_exits;
pub mod processes;
pub mod receive;
pub mod state_machines;
pub mod supervision_trees;
pub mod tasks_and_agents;
pub mod testing;
pub mod timers;

/// Makes the example of the README one of the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

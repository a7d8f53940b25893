//! Erlang's processes for Rust: untyped, async, isolated.
//!
//! A process is a future with a pid and a mailbox. It costs some hundred bytes, shares nothing,
//! receives messages of any type, selects those it wants, and when it fails it ends alone, while
//! those that are linked to it or monitor it hear of it. The rules are Erlang's; the runtime
//! underneath is tokio, and everything that tokio can await can be awaited in a process.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Ping(Pid);
//! struct Pong;
//!
//! #[kerosene::main]
//! async fn main() {
//!     let ponger = spawn(async {
//!         loop {
//!             receive! {
//!                 Ping(from) => send(from, Pong),
//!             }
//!         }
//!     });
//!
//!     let watch = monitor(ponger);
//!     send(ponger, Ping(pid()));
//!     receive! {
//!         Pong => println!("pong"),
//!         Down { monitor, reason, .. } if monitor == watch => println!("nobody there: {reason}"),
//!         after Duration::from_secs(1) => println!("no answer"),
//!     }
//! }
//! ```
//!
//! # Where to read on
//!
//! The [guide] tells how programs are made of processes; whoever knows Erlang begins with
//! [coming from Erlang](guide::coming_from_erlang), whoever knows other frameworks with
//! [coming from actix, ractor or kameo](guide::coming_from_actors). The functions by subject:
//!
//! | subject | functions and types | page |
//! |---|---|---|
//! | starting | [`spawn`], [`spawn_link`], [`spawn_monitor`] | [processes] |
//! | | [`spawn_opt`], [`SpawnOptions`], [`spawn_local`] | [processes] |
//! | who | [`pid`], [`parent`], [`Pid`], [`make_ref`] | [processes] |
//! | names | [`register`], [`whereis`], [`Name`] | [processes] |
//! | messages | [`send`], [`receive!`], [`Message`], [`Destination`] | [receive] |
//! | ends | [`exit`], [`exit_signal`], [`trap_exit`], [`ExitReason`], [`Exit`] | [exits] |
//! | | [`catch_exit`], [`ending`] | [exits] |
//! | links | [`link`], [`unlink`] | [exits] |
//! | monitors | [`monitor`], [`demonitor`], [`demonitor_flush`], [`Down`] | [exits] |
//! | requests | [`monitor_alias`], [`alias`], [`alias_reply`], [`unalias`], [`Alias`] | [exits] |
//! | calls | [`call`], [`call_with`], [`cast`], [`send_request`], [`multi_call`] | [calls] |
//! | | [`Request`], [`Call`], [`ReplyTo`], [`CallError`], [`blocking_call`] | [calls] |
//! | servers | [`actor`](macro@actor), [`GenServer`], [`Next`], [`otp::gen_server`] | [actors] |
//! | state machines | [`GenStatem`], [`Transition`], [`otp::gen_statem`] | [machines] |
//! | tasks, agents | [`Task`], [`otp::task`], [`Agent`] | [tasks] |
//! | asking servers | [`otp::sys`] | [debugging] |
//! | supervisors | [`supervisor`](macro@supervisor), [`Supervisor`], [`ChildSpec`] | [trees] |
//! | | [`DynamicSupervisor`], [`otp::PartitionSupervisor`] | [trees] |
//! | finding, telling many | [`Registry`], [`Scope`], [`Topic`] | [groups] |
//! | parts of programs | [`Application`], [`Applications`] | [applications] |
//! | time | [`sleep`], [`schedule`], [`start_timer`], [`schedule_interval`], [`Timer`] | [timers] |
//! | giving way | [`yield_now`], [`blocking`] | [processes] |
//! | looking | [`is_alive`], [`process_info`], [`processes`](fn@processes) | [debugging] |
//! | | [`set_label`], [`messages_seen`], [`in_process`], [`try_pid`] | |
//! | metadata | [`put`], [`put_inherited`], [`get`], [`erase`] | |
//! | programs | [`main`](macro@main), [`run`], [`stop`], [`Runtime`] | [processes] |
//! | tests | [`test`](macro@test) | [testing] |
//!
//! All of these are free functions. The ones that are about the current process find it by
//! themselves, and panic where there is none; the others work on any thread. [`prelude`] has what
//! bodies commonly use.
//!
//! # Features
//!
//! None is on by default. `serde` makes [`Pid`] and [`Name`] serialisable.
//!
//! # Logs
//!
//! Kerosene reports through `tracing`. At level ERROR: each process that ends abnormally (target
//! `kerosene::crash`), with what a server did last and its state (`kerosene::server`), and children
//! that fail and supervisors that give up (`kerosene::supervisor`, which tells starts at level
//! DEBUG). At level WARN: a process that has been running for more than 100 ms without awaiting
//! (`kerosene::long_poll`), and the first message of each type that a server does not know
//! (`kerosene::unknown_message`). Without a subscriber an abnormal end is a line on standard error.
//!
//! [processes]: guide::processes
//! [receive]: guide::receive
//! [exits]: guide::links_monitors_exits
//! [timers]: guide::timers
//! [trees]: guide::supervision_trees
//! [testing]: guide::testing
//! [calls]: guide::calls
//! [actors]: guide::actors
//! [machines]: guide::state_machines
//! [tasks]: guide::tasks_and_agents
//! [groups]: guide::groups_registries_events
//! [applications]: guide::applications
//! [debugging]: guide::debugging
//! [`receive!`]: macro@receive

// The macros' expansions say `::kerosene`, also inside this crate.
extern crate self as kerosene;

mod context;
mod mailbox;
mod process;
mod scheduler;
mod signal;
mod sync;
mod term;

pub mod guide;
#[doc(hidden)]
pub mod macro_support;
pub mod otp;
pub mod prelude;

pub use context::{
    BlockingError, CatchExit, Sleep, SpawnOptions, Spawned, YieldNow, alias, alias_reply, blocking,
    catch_exit, demonitor, demonitor_flush, ending, erase, exit, exit_signal, get, in_process,
    is_alive, link, make_ref, messages_seen, monitor, monitor_alias, parent, pid, process_count,
    process_info, processes, put, put_inherited, register, registered, run, schedule,
    schedule_interval, send, set_label, sleep, spawn, spawn_link, spawn_local, spawn_monitor,
    spawn_opt, start_timer, stop, stops_children, trap_exit, try_pid, unalias, unlink, unregister,
    whereis, whereis_or_wait, yield_now,
};
pub use kerosene_macros::{actor, main, receive, supervisor, test};
pub use otp::{
    Agent, Application, Applications, Call, CallError, ChildSpec, DynamicSupervisor,
    DynamicSupervisorRef, GenServer, GenStatem, IdleTimeout, Next, Registry, ReplyTo, Request,
    Restart, Scope, Shutdown, Strategy, Supervisor, SupervisorRef, Task, TaskError, Topic,
    Transition, blocking_call, call, call_with, cast, multi_call, send_request,
};
pub use process::{RegisterError, UnregisterError};
pub use scheduler::{Runtime, RuntimeBuilder, StartError, StopCause, Stopped};
pub use term::{
    Alias, AliasMode, Dest, Destination, Down, Exit, ExitReason, IntoExitReason, Message, Monitor,
    Name, PanicInfo, ParsePidError, Pid, ProcessInfo, ProcessStatus, Reference, Term, Timeout,
    Timer,
};

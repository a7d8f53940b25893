//! The functions that process bodies call, named as Erlang's BIFs where one exists.
//!
//! They need no handle and no context argument: the process that runs on this thread is known.
//! Functions that are about the current process panic where there is none, on a plain thread or in
//! a plain tokio task; the others (`send`, `whereis`, `exit_signal`, ...) work anywhere.

mod aliases;
mod blocking;
mod catch_exit;
mod dictionary;
mod ending;
mod exits;
mod identity;
mod info;
mod links;
mod monitors;
mod names;
mod program;
mod receive;
mod send;
mod spawn;
mod timers;
mod waiting;

pub use aliases::{alias, alias_reply, unalias};
pub use blocking::{BlockingError, blocking};
pub use catch_exit::{CatchExit, catch_exit};
pub use dictionary::{erase, get, put, put_inherited, set_label};
pub use ending::{ending, in_process, try_pid};
pub use exits::{exit, exit_signal, stops_children, trap_exit};
pub use identity::{make_ref, parent, pid};
pub use info::{is_alive, messages_seen, process_count, process_info, processes};
pub use links::{link, unlink};
pub use monitors::{demonitor, demonitor_flush, monitor, monitor_alias};
pub use names::{register, registered, unregister, whereis, whereis_or_wait};
pub use program::{run, stop};
pub use receive::{Receive, Wait};
pub use send::send;
pub use spawn::{SpawnOptions, Spawned, spawn, spawn_link, spawn_local, spawn_monitor, spawn_opt};
pub use timers::{schedule, schedule_interval, start_timer};
pub use waiting::{Sleep, YieldNow, sleep, yield_now};

use crate::process::{Current, current};

/// The process that runs here.
///
/// # Panics
///
/// If there is none, saying what to do.
#[track_caller]
fn this(function: &str) -> Current {
    current().unwrap_or_else(|| no_process(function))
}

#[cold]
#[track_caller]
fn no_process(function: &str) -> ! {
    panic!(
        "kerosene::{function} is about the current process, and this code runs in none. Call it in \
         a process (`spawn`, `#[kerosene::main]`, `kerosene::run`), not on a plain thread or in a \
         plain tokio task"
    )
}

//! Erlang's processes for Rust: untyped, async, isolated.

mod context;
mod mailbox;
mod process;
mod scheduler;
mod signal;
mod sync;
mod term;

#[doc(hidden)]
pub mod macro_support;
pub mod prelude;

pub use context::{
    BlockingError, Sleep, SpawnOptions, Spawned, YieldNow, alias, alias_reply, blocking, demonitor,
    demonitor_flush, erase, exit, exit_signal, get, is_alive, link, make_ref, monitor,
    monitor_alias, pid, process_count, process_info, processes, put, put_inherited, register,
    registered, run, schedule, schedule_interval, send, set_label, sleep, spawn, spawn_link,
    spawn_local, spawn_monitor, spawn_opt, start_timer, stop, trap_exit, unalias, unlink,
    unregister, whereis, yield_now,
};
pub use kerosene_macros::{main, receive, test};
pub use process::{RegisterError, UnregisterError};
pub use scheduler::{Runtime, RuntimeBuilder, StartError, StopCause, Stopped};
pub use term::{
    Alias, AliasMode, Dest, Destination, Down, Exit, ExitReason, IntoExitReason, Message, Monitor,
    Name, PanicInfo, ParsePidError, Pid, ProcessInfo, ProcessStatus, Reference, Term, Timeout,
    Timer,
};

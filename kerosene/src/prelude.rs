//! Everything that process bodies commonly use: `use kerosene::prelude::*;`.

pub use std::time::Duration;

pub use crate::{
    Agent, Alias, AliasMode, BlockingError, Call, CallError, ChildSpec, Down, DynamicSupervisor,
    DynamicSupervisorRef, Exit, ExitReason, IdleTimeout, Message, Monitor, Name, Next, Pid,
    ProcessInfo, Reference, RegisterError, ReplyTo, Request, Restart, Runtime, Shutdown,
    SpawnOptions, Spawned, Strategy, Supervisor, SupervisorRef, Task, Timeout, Timer, alias,
    alias_reply, blocking, call, call_with, cast, demonitor, demonitor_flush, exit, exit_signal,
    is_alive, link, make_ref, monitor, monitor_alias, pid, process_count, process_info, processes,
    receive, register, registered, schedule, schedule_interval, send, send_request, set_label,
    sleep, spawn, spawn_link, spawn_local, spawn_monitor, spawn_opt, start_timer, stop, trap_exit,
    unalias, unlink, unregister, whereis, whereis_or_wait, yield_now,
};

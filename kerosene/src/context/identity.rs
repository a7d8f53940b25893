//! Who am I, and values like no other: what a program knows without asking anybody.

use crate::process::current_pid;
use crate::term::{Pid, Reference};

/// The pid of the current process.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let parent = pid();
///     let child = spawn(async move { send(parent, pid()) });
///     receive! { p: Pid => assert_eq!(p, child) }
/// });
/// ```
///
/// It also answers inside [`blocking`](crate::blocking), with the process that waits for it.
///
/// # Panics
///
/// If no process runs here: on a plain thread or in a plain tokio task.
///
/// In Erlang: `self/0`.
#[inline]
#[track_caller]
pub fn pid() -> Pid {
    current_pid().unwrap_or_else(|| super::no_process("pid"))
}

/// The process that spawned the current one; `None` if it was spawned from outside of processes.
///
/// It may have ended since. Unless the spawn said so there is no link to it. To a process that
/// traps exits, the [`Exit`](crate::Exit) of the parent that it is linked to means: stop.
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::parent;
///
/// kerosene::run(async {
///     assert_eq!(parent(), None);
///     let (_, watch) = spawn_monitor(async {
///         send(parent().expect("it has one"), "hello");
///     });
///     receive! { "hello" => () }
///     receive! { Down { monitor, .. } if monitor == watch => () }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `process_info(self(), parent)`, `proc_lib:get_parent/0`.
#[track_caller]
pub fn parent() -> Option<Pid> {
    let current = super::this("parent");
    current.with(|own| own.birth().parent(current.pid()))
}

/// A reference that is equal to no other.
///
/// Sent along with a request, it tells the answer to that request from others. Works anywhere, also
/// outside processes.
///
/// ```
/// use kerosene::make_ref;
///
/// assert_ne!(make_ref(), make_ref());
/// ```
///
/// In Erlang: `make_ref/0`.
#[inline]
pub fn make_ref() -> Reference {
    Reference::fresh()
}

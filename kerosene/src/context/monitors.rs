//! Monitors: set and taken back by the watcher, whose own set decides whether a `Down` that arrives
//! still counts.

use super::this;
use crate::process::{Current, deliver, table_here};
use crate::signal::{Control, Signal, Target};
use crate::term::{Alias, AliasMode, Dest, Destination, Down, ExitReason, Monitor, Pid, Reference};

/// Monitors a process: when it ends, one [`Down`] message arrives.
///
/// A monitor goes one way: the other process does not notice. Each call makes a monitor of its own,
/// with a `Down` of its own. If there is no such process, a `Down` with reason
/// [`NoProc`](ExitReason::NoProc) arrives at once. A name is looked up once, now; who has it later
/// does not matter. An alias stands for its owner. Monitoring oneself gives a handle and nothing
/// else.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let worker = spawn(async { exit("tired") });
///     let watch = monitor(worker);
///     receive! {
///         Down { monitor, pid, .. } if monitor == watch => assert_eq!(pid, worker),
///     }
///     let watch = monitor("nobody has this name");
///     receive! {
///         Down { monitor, reason, name, .. } if monitor == watch => {
///             assert_eq!(reason, ExitReason::NoProc);
///             assert_eq!(name, Some("nobody has this name".into()));
///         }
///     }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `monitor(process, Item)`.
#[track_caller]
pub fn monitor(dest: impl Destination) -> Monitor {
    let current = this("monitor");
    let reference = Reference::fresh();
    start(current, dest.dest(), reference);
    Monitor(reference)
}

/// Monitors a process and makes an [`Alias`] of the current one that lives as long as `mode` says.
///
/// This is how a request is sent: the alias goes with it as the place to answer to, and what comes
/// first, the answer or the `Down`, settles the matter; an answer that comes too late is dropped.
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Square(Alias, u64);
///
/// kerosene::run(async {
///     let server = spawn(async {
///         loop {
///             receive! { Square(reply_to, n) => send(reply_to, n * n) }
///         }
///     });
///     let (watch, alias) = monitor_alias(server, AliasMode::ReplyDemonitor);
///     send(server, Square(alias, 7));
///     receive! {
///         n: u64 => assert_eq!(n, 49),
///         Down { monitor, reason, .. } if monitor == watch => panic!("{reason}"),
///     }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `monitor(process, Item, [{alias, Mode}])`, where alias and monitor are one reference;
/// here too they have the same [`Reference`].
#[track_caller]
pub fn monitor_alias(dest: impl Destination, mode: AliasMode) -> (Monitor, Alias) {
    let current = this("monitor_alias");
    let reference = Reference::fresh();
    current.with(|own| own.relations_mut().aliases.insert(reference, mode.into()));
    start(current, dest.dest(), reference);
    (Monitor(reference), Alias::new(reference, current.pid()))
}

fn start(current: Current, dest: Dest<'_>, reference: Reference) {
    let me = current.pid();
    let (pid, name) = match dest {
        Dest::Pid(pid) => (pid, None),
        Dest::Alias(alias) => (alias.owner(), None),
        Dest::Name(name) => {
            (table_here().registry.whereis(name).unwrap_or(Pid::NOBODY), Some(name.into()))
        }
    };
    if pid == me {
        return;
    }
    current.with(|own| own.relations_mut().monitors.insert(reference, Target { pid, name }));
    let request: Signal = Control::Monitor { reference, watcher: me }.into();
    if deliver(pid, request).is_err() {
        let down = Control::Down { reference, pid, reason: ExitReason::NoProc };
        let _ = deliver(me, down.into());
    }
}

/// Takes a monitor back. When it returns, no new `Down` of it can arrive.
///
/// Returns whether the monitor was active, which means that there was and will be no `Down`. If
/// not, it has fired, and its `Down` is in the mailbox unless it was received; or it never was one
/// of this process'.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let worker = spawn(async { receive! { "stop" => () } });
///     let watch = monitor(worker);
///     assert!(demonitor(watch));
///     assert!(!demonitor(watch));
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `demonitor(Ref, [info])`.
#[track_caller]
pub fn demonitor(monitor: Monitor) -> bool {
    take_back(this("demonitor"), monitor.0)
}

/// Takes a monitor back, as [`demonitor`] does, and its `Down` out of the mailbox if it is there.
///
/// Returns whether the monitor was active. Whatever the answer, nothing of the monitor is left
/// afterwards, so this is the one you most likely want.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let gone = spawn(async {});
///     while is_alive(gone).await {}
///     let watch = monitor(gone);
///     demonitor_flush(watch);
///     receive! { Down { .. } => unreachable!(), after Duration::ZERO => () }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `demonitor(Ref, [flush, info])`. Erlang removes any five-tuple with the reference in
/// second place; this removes the `Down` only.
#[track_caller]
pub fn demonitor_flush(monitor: Monitor) -> bool {
    let current = this("demonitor_flush");
    let was_active = take_back(current, monitor.0);
    if !was_active {
        let is_it = |down: &Down| down.monitor == monitor;
        drop(current.with(|own| own.received.take_where(is_it)));
    }
    was_active
}

fn take_back(current: Current, reference: Reference) -> bool {
    let target = current.with(|own| {
        let relations = own.existing_relations()?;
        let target = relations.monitors.remove(reference)?;
        relations.aliases.on_monitor_gone(reference);
        Some(target)
    });
    if let Some(target) = &target {
        let _ = deliver(target.pid, Control::Demonitor { reference }.into());
    }
    target.is_some()
}

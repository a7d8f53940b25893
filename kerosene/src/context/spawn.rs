//! Starting processes. Links, monitors and options are set while the new process is still unknown
//! to all others, so nothing can happen to it before.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::this;
use crate::process::{Birth, Own, Spawn, are_children_below, current, current_pid, spend};
use crate::scheduler::{Schedulers, body_of, coarse_now, pinned, schedulers_here};
use crate::term::{ExitReason, IntoExitReason, Monitor, Pid, Reference};

/// Starts a process, and returns its pid at once.
///
/// The body is a future that owns what it needs. It runs beside the caller, until it returns,
/// panics, calls [`exit`](crate::exit) or is ended by an exit signal. What it returns becomes its
/// exit reason ([`IntoExitReason`]). The pid can be used at once: what is sent to it arrives,
/// whether the process has run before or not.
///
/// Neither the caller nor anybody else is affected by its end: to hear of it use
/// [`spawn_monitor`], to end with it [`spawn_link`].
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let echo = spawn(async {
///         receive! { (from, text): (Pid, String) => send(from, text) }
///     });
///     send(echo, (pid(), String::from("hello")));
///     receive! { text: String => assert_eq!(text, "hello") }
/// });
/// ```
///
/// # Panics
///
/// If this thread belongs to no runtime (use [`Runtime::spawn`](crate::Runtime::spawn) there), or
/// if 33 million processes are alive. In a process, in [`blocking`](crate::blocking) and in tokio
/// tasks of the runtime's own threads it works.
///
/// In Erlang: `spawn/1`.
#[track_caller]
pub fn spawn<F>(body: F) -> Pid
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    start(home(), body_of(body), Location::caller(), inherit)
}

/// Starts a process that is linked to the current one from the beginning.
///
/// If either ends with another reason than `Normal`, the other ends as well, unless it traps exits
/// ([`link`](crate::link)). However soon the new process ends, its exit signal tells the real
/// reason, never `NoProc`.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     trap_exit(true);
///     let child = spawn_link(async { panic!("oh") });
///     receive! { Exit { pid, reason } => {
///         assert_eq!(pid, child);
///         assert!(matches!(reason, ExitReason::Panic(_)));
///     } }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here, and like [`spawn`].
///
/// In Erlang: `spawn_link/1`.
#[track_caller]
pub fn spawn_link<F>(body: F) -> Pid
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    spawn_opt(SpawnOptions::new().link(), body).pid
}

/// Starts a process that the current one monitors from the beginning. Its [`Down`](crate::Down)
/// always tells the real reason.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let (child, watch) = spawn_monitor(async { Err::<(), _>("no luck") });
///     receive! { Down { monitor, pid, reason, .. } if monitor == watch => {
///         assert_eq!(pid, child);
///         assert_eq!(reason.to_string(), "error: no luck");
///     } }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here, and like [`spawn`].
///
/// In Erlang: `spawn_monitor/1`.
#[track_caller]
pub fn spawn_monitor<F>(body: F) -> (Pid, Monitor)
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    let reference = Reference::fresh();
    let parent = this("spawn_monitor").pid();
    let pid = start(home(), body_of(body), Location::caller(), |child, own| {
        inherit(child, own);
        watch(child, own, reference, parent);
    });
    (pid, Monitor(reference))
}

/// Starts a process with options: linked, monitored, trapping exits, labelled, in any combination.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let options = SpawnOptions::new().monitor().label("counter of 3").trap_exit();
///     let Spawned { pid: child, monitor, .. } = spawn_opt(options, async {
///         receive! { Exit { reason, .. } => reason }
///     });
///     exit_signal(child, ExitReason::Shutdown);
///     receive! { Down { monitor: m, reason, .. } if Some(m) == monitor => {
///         assert_eq!(reason, ExitReason::Shutdown);
///     } }
/// });
/// ```
///
/// # Panics
///
/// If a link or a monitor is asked for and no process runs here, and like [`spawn`].
///
/// In Erlang: `spawn_opt/2`.
#[track_caller]
pub fn spawn_opt<F>(options: SpawnOptions, body: F) -> Spawned
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    let parent = (options.link || options.monitor).then(|| this("spawn_opt").pid());
    let monitor = options.monitor.then(Reference::fresh);
    let spawned_at = options.spawned_at.unwrap_or(Location::caller());
    let pid = start(home(), body_of(body), spawned_at, |child, own| {
        inherit(child, own);
        own.trap_exit = options.trap_exit;
        if options.label.is_some() {
            own.extras_mut().label = options.label;
        }
        if let (Some(parent), true) = (parent, options.link) {
            own.relations_mut().links.on_link(parent);
            this("spawn_opt").with(|own| own.relations_mut().links.on_link(child));
        }
        if let (Some(parent), Some(reference)) = (parent, monitor) {
            watch(child, own, reference, parent);
        }
    });
    Spawned { pid, monitor: monitor.map(Monitor) }
}

/// Starts a process whose body is not `Send`. `make` is sent to a thread that a runtime keeps for
/// such processes, and makes the body there; the body never leaves that thread.
///
/// To everybody else it is a process like any other. All such processes of a runtime share one
/// thread, so one that computes for long holds up the others. A simulated test has one thread for
/// all processes anyhow.
///
/// ```
/// use std::rc::Rc;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let parent = pid();
///     spawn_local(move || async move {
///         let count = Rc::new(1);
///         yield_now().await;
///         send(parent, *count);
///     });
///     receive! { count: i32 => assert_eq!(count, 1) }
/// });
/// ```
///
/// # Panics
///
/// Like [`spawn`], and if the thread cannot be started.
///
/// In Erlang: no equivalent.
#[track_caller]
pub fn spawn_local<F, B>(make: F) -> Pid
where
    F: FnOnce() -> B + Send + 'static,
    B: Future<Output: IntoExitReason> + 'static,
{
    let body = Local::ToMake(Some(make));
    start(pinned(home()), body, Location::caller(), inherit)
}

/// What [`spawn_opt`] takes.
///
/// In Erlang: the list of options of `spawn_opt/2`. Options there that concern the heap and the
/// priority have no counterpart.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct SpawnOptions {
    link: bool,
    monitor: bool,
    trap_exit: bool,
    label: Option<String>,
    spawned_at: Option<&'static Location<'static>>,
}

impl SpawnOptions {
    /// No options: what [`spawn`] does.
    pub fn new() -> Self {
        Self::default()
    }

    /// Links the new process to the current one, before it runs.
    pub fn link(mut self) -> Self {
        self.link = true;
        self
    }

    /// Monitors the new process, before it runs.
    pub fn monitor(mut self) -> Self {
        self.monitor = true;
        self
    }

    /// Lets the new process trap exits from the beginning: no exit signal can come before its
    /// [`trap_exit`](crate::trap_exit). Erlang has no such option.
    pub fn trap_exit(mut self) -> Self {
        self.trap_exit = true;
        self
    }

    /// A text that says what the process is, for reports and
    /// [`process_info`](crate::process_info): [`set_label`](crate::set_label) in advance.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The line that reports and [`process_info`](crate::process_info) name as the one where the
    /// process was spawned, in place of that which calls [`spawn_opt`].
    ///
    /// For functions that start a process for somebody else and whose own line says nothing: they
    /// are `#[track_caller]`, and pass on who has called them.
    ///
    /// ```
    /// use std::panic::Location;
    ///
    /// use kerosene::prelude::*;
    ///
    /// #[track_caller]
    /// fn spawn_ticker() -> Pid {
    ///     let options = SpawnOptions::new().spawned_at(Location::caller());
    ///     spawn_opt(options, async { sleep(Duration::MAX).await }).pid
    /// }
    ///
    /// kerosene::run(async {
    ///     let ticker = spawn_ticker();
    ///     let line = line!() - 1;
    ///     let info = process_info(ticker).await.expect("it is alive");
    ///     assert_eq!(info.spawned_at.line(), line);
    /// });
    /// ```
    ///
    /// In Erlang: no equivalent; there a process is known by its initial call.
    pub fn spawned_at(mut self, place: &'static Location<'static>) -> Self {
        self.spawned_at = Some(place);
        self
    }
}

/// A process that was started with options.
///
/// In Erlang: `Pid` or `{Pid, MonitorRef}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spawned {
    /// Its pid.
    pub pid: Pid,
    /// The monitor, if one was asked for with [`SpawnOptions::monitor`].
    pub monitor: Option<Monitor>,
}

/// A body that is made where it runs.
enum Local<F> {
    ToMake(Option<F>),
    Made(Pin<Box<dyn Future<Output = ExitReason>>>),
}

impl<F> Unpin for Local<F> {}

impl<F, B> Future for Local<F>
where
    F: FnOnce() -> B,
    B: Future<Output: IntoExitReason> + 'static,
{
    type Output = ExitReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        loop {
            match &mut *self {
                Self::Made(body) => return body.as_mut().poll(cx),
                Self::ToMake(make) => {
                    let make = make.take().expect("made once: the next poll finds the body");
                    *self = Self::Made(Box::pin(body_of(make())));
                }
            }
        }
    }
}

fn start(
    schedulers: &'static Schedulers,
    body: impl Future<Output = ExitReason> + 'static,
    spawned_at: &'static Location<'static>,
    furnish: impl FnOnce(Pid, &mut Own),
) -> Pid {
    spend(1);
    let spawn = Spawn::new(Birth::new(current_pid(), spawned_at, coarse_now()), body);
    schedulers.spawn(spawn, furnish)
}

/// The runtime that new processes belong to.
#[track_caller]
fn home() -> &'static Schedulers {
    let Some(schedulers) = schedulers_here() else {
        panic!(
            "kerosene::spawn needs a runtime to spawn on, and this thread belongs to none. Call it \
             in a process or on a thread of a runtime, or use `Runtime::spawn`"
        )
    };
    schedulers.home()
}

/// Gives the child what it has from its parent: its place in the order of a stop, and the
/// dictionary entries that are inherited.
fn inherit(_: Pid, child: &mut Own) {
    let Some(parent) = current() else {
        child.is_below = are_children_below();
        return;
    };
    let inherited = parent.with(|parent| {
        child.is_below = parent.are_children_below();
        let entries = &parent.extras()?.dictionary;
        let inherited = entries.iter().filter(|(_, entry)| entry.inherited);
        Some(inherited.map(|(key, entry)| (key.clone(), entry.clone())).collect::<Vec<_>>())
    });
    if let Some(inherited) = inherited
        && !inherited.is_empty()
    {
        let dictionary = &mut child.extras_mut().dictionary;
        for (key, entry) in inherited {
            dictionary.insert(key, entry);
        }
    }
}

/// Sets a monitor at both ends, before the child runs.
fn watch(child: Pid, own: &mut Own, reference: Reference, parent: Pid) {
    own.relations_mut().watchers.on_monitor(reference, parent);
    let target = crate::signal::Target { pid: child, name: None };
    this("spawn_monitor").with(|own| own.relations_mut().monitors.insert(reference, target));
}

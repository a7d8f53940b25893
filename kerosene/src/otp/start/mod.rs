//! Starting a process that says when it is ready: what servers and supervisors stand on.
//!
//! The starter waits until the new process has acknowledged its initialisation, so that whoever
//! has its pid has a process that works. A start that fails leaves nothing behind:
//!
//! - T1: the child registers its names itself, before its body runs. So a name that is taken is
//!   found before anything of the body has happened, and the names of a child that fails are free
//!   when it is dead.
//! - T2: the starter monitors the child from before it runs, and hears of a failure only after the
//!   child's `Down`: by then the child is dead and its names are free.
//! - T3: an `Exit` that a failed child has left in the mailbox of a starter that traps exits is
//!   taken out again. A link tells before a monitor does (T2), so a starter that does not trap
//!   exits has ended of an abnormal reason by then, as links promise.
//! - T4: the answer does not travel through the mailbox. A starter that stops waiting leaves no
//!   late answer there.
//! - T5: reports name the line that called the starting function. An `async fn` does not know its
//!   caller, so each function here, and each that stands on these, is an ordinary one which takes
//!   note of its caller and returns a future.

mod options;

use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::{
    Down, Exit, ExitReason, IntoExitReason, Monitor, Pid, RegisterError, SpawnOptions,
    demonitor_flush, exit_signal, get, parent, pid, put, receive, register, sleep, spawn_opt,
    unlink,
};

pub use options::{StartError, StartOptions, Starting};

/// Where the ancestors of a process are kept in its dictionary.
const ANCESTORS: &str = "$ancestors";

/// Starts a process, and waits until it is ready. Neither hears of the other's end.
///
/// The body gets a [`Starting`], by which it says how its initialisation went.
///
/// ```
/// use kerosene::otp::{self, StartOptions};
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let options = StartOptions::new().name("echo");
///     let echo = otp::start(options, |starting| async move {
///         starting.ready();
///         loop {
///             receive! { (from, text): (Pid, &str) => send(from, text) }
///         }
///     });
///     let echo = echo.await?;
///     assert_eq!(whereis("echo"), Some(echo));
///     Ok::<(), otp::StartError>(())
/// });
/// ```
///
/// # Errors
///
/// [`StartError`]; the process is dead then, and its names are free.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `proc_lib:start/3`.
#[track_caller]
pub fn start<F, B>(
    options: StartOptions,
    body: F,
) -> impl Future<Output = Result<Pid, StartError>> + Send
where
    F: FnOnce(Starting) -> B + Send + 'static,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    let options = options.called_from(Location::caller());
    async move { Start::begin(options, false, body).settle().await }
}

/// Starts a process that is linked to the current one, and waits until it is ready.
///
/// If the current process ends while it waits, the new one ends as well. If the start fails, no
/// [`Exit`](crate::Exit) of it is left in the mailbox. A starter that does not trap exits is ended
/// by the link, though, if the new process ends with an abnormal reason; it goes on after
/// [`ignore`](Starting::ignore), [`refuse`](Starting::refuse), a name that is taken, and a timeout.
///
/// ```
/// use kerosene::otp::{self, StartError, StartOptions};
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let refused = otp::start_link(StartOptions::new(), |starting| async move {
///         starting.refuse("no coffee")
///     });
///     assert_eq!(refused.await, Err(StartError::Failed("no coffee".into())));
/// });
/// ```
///
/// # Errors
///
/// [`StartError`]; the process is dead then, and its names are free.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `proc_lib:start_link/3`.
#[track_caller]
pub fn start_link<F, B>(
    options: StartOptions,
    body: F,
) -> impl Future<Output = Result<Pid, StartError>> + Send
where
    F: FnOnce(Starting) -> B + Send + 'static,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    let options = options.called_from(Location::caller());
    async move { Start::begin(options, true, body).settle().await }
}

/// Starts a process that the current one monitors, and waits until it is ready.
///
/// If the start fails, no [`Down`](crate::Down) of it is left in the mailbox.
///
/// ```
/// use kerosene::otp::{self, StartOptions};
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let started = otp::start_monitor(StartOptions::new(), |starting| async move {
///         starting.ready();
///     });
///     let (child, watch) = started.await?;
///     receive! { Down { monitor, pid, .. } if monitor == watch => assert_eq!(pid, child) }
///     Ok::<(), otp::StartError>(())
/// });
/// ```
///
/// # Errors
///
/// [`StartError`]; the process is dead then, and its names are free.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `proc_lib:start_monitor/3`.
#[track_caller]
pub fn start_monitor<F, B>(
    options: StartOptions,
    body: F,
) -> impl Future<Output = Result<(Pid, Monitor), StartError>> + Send
where
    F: FnOnce(Starting) -> B + Send + 'static,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    let options = options.called_from(Location::caller());
    async move {
        let mut start = Start::begin(options, false, body);
        let child = start.wait().await?;
        let monitor = start.monitor.take();
        Ok((child, monitor.expect("wait leaves the monitor of a child that is ready")))
    }
}

/// Who started the current process, who started that one, and so on.
///
/// The list begins with the [`parent`](crate::parent). It ends with the first process that was not
/// itself started by [`start`] or a relative of it.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `'$ancestors'` in the process dictionary.
pub fn ancestors() -> Arc<[Pid]> {
    get(ANCESTORS).unwrap_or_else(|| parent().into_iter().collect())
}

/// A start in progress. Dropping it takes the monitor back.
struct Start {
    child: Pid,
    linked: bool,
    /// Gone when it has fired, or was handed on.
    monitor: Option<Monitor>,
    answer: oneshot::Receiver<Result<(), StartError>>,
    timeout: Duration,
}

impl Start {
    fn begin<F, B>(options: StartOptions, linked: bool, body: F) -> Self
    where
        F: FnOnce(Starting) -> B + Send + 'static,
        B: Future<Output: IntoExitReason> + Send + 'static,
    {
        let StartOptions { names, timeout, trap_exit, label, spawned_at } = options;
        let mut how = SpawnOptions::new().monitor();
        if linked {
            how = how.link();
        }
        if trap_exit {
            how = how.trap_exit();
        }
        if let Some(label) = label {
            how = how.label(label);
        }
        if let Some(spawned_at) = spawned_at {
            how = how.spawned_at(spawned_at);
        }
        let (acknowledge, answer) = oneshot::channel();
        let ancestors: Arc<[Pid]> =
            std::iter::once(pid()).chain(ancestors().iter().copied()).collect();
        let spawned = spawn_opt(how, async move {
            put(ANCESTORS, ancestors);
            for name in names {
                if let Err(RegisterError::Taken { by, .. }) = register(name, pid()) {
                    let _ = acknowledge.send(Err(StartError::AlreadyStarted(by)));
                    return ExitReason::Normal;
                }
            }
            body(Starting(acknowledge)).await.into_exit_reason()
        });
        Self { child: spawned.pid, linked, monitor: spawned.monitor, answer, timeout }
    }

    async fn settle(mut self) -> Result<Pid, StartError> {
        self.wait().await
    }

    /// Waits until the child is ready, or dead (T2).
    async fn wait(&mut self) -> Result<Pid, StartError> {
        let mut is_over = pin!(sleep(self.timeout));
        let answer = tokio::select! {
            biased;
            answer = &mut self.answer => Some(answer),
            () = &mut is_over => None,
        };
        let error = match answer {
            Some(Ok(Ok(()))) => return Ok(self.child),
            Some(Ok(Err(error))) => {
                self.ended().await;
                error
            }
            Some(Err(_)) => tokio::select! {
                biased;
                reason = self.ended() => StartError::Failed(reason),
                () = &mut is_over => self.give_up().await,
            },
            None => self.give_up().await,
        };
        self.forget().await;
        Err(error)
    }

    /// Kills the child, whose end is then no concern of the starter's.
    async fn give_up(&mut self) -> StartError {
        if self.linked {
            unlink(self.child);
        }
        exit_signal(self.child, ExitReason::Kill);
        self.ended().await;
        StartError::Timeout
    }

    async fn ended(&mut self) -> ExitReason {
        let Some(watch) = self.monitor else { return ExitReason::NoProc };
        let reason = receive! { Down { monitor, reason, .. } if monitor == watch => reason };
        self.monitor = None;
        reason
    }

    /// Removes what the dead child may have left in the mailbox (T3).
    async fn forget(&self) {
        if self.linked {
            unlink(self.child);
            receive! { Exit { pid, .. } if pid == self.child => (), after Duration::ZERO => () }
        }
    }
}

impl Drop for Start {
    fn drop(&mut self) {
        if let Some(monitor) = self.monitor {
            demonitor_flush(monitor);
        }
    }
}

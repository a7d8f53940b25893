//! Whole programs: running one from a plain `fn`, and asking it to stop from within.

use std::future::Future;
use std::panic::resume_unwind;

use crate::scheduler::{Runtime, schedulers_here};
use crate::term::{ExitReason, IntoExitReason};

/// Runs a process and everything it starts, with default settings, and returns why it ended.
///
/// When it has ended, all other processes are stopped; see [`Runtime::run`] for how, and
/// [`Runtime::builder`] for settings. For a whole program [`#[kerosene::main]`](crate::main) is
/// shorter, and also minds SIGINT, SIGTERM and the exit code, which this does not.
///
/// ```
/// use kerosene::ExitReason;
///
/// let reason = kerosene::run(async { Err::<(), _>("no") });
/// assert_eq!(reason, ExitReason::error("no"));
/// ```
///
/// A panic of the body goes on here when everything has stopped, as it would from a function that
/// is called; so an example or a script in a `run` fails when its assertions do. [`Runtime::run`]
/// returns it as a reason.
///
/// # Panics
///
/// If the body panics, if called inside a tokio runtime, a process included, or if threads cannot
/// be started.
///
/// In Erlang: `erl -noshell -run`, more or less.
#[track_caller]
pub fn run<F>(body: F) -> ExitReason
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    assert!(
        tokio::runtime::Handle::try_current().is_err(),
        "kerosene::run blocks its thread, and this one belongs to a tokio runtime or a process: \
         spawn a process instead, or use `Runtime::run_async`"
    );
    let runtime = Runtime::builder().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("kerosene::run: {error}"));
    match runtime.run(body).reason {
        // The panic hook has been called where it began.
        ExitReason::Panic(info) => resume_unwind(Box::new(info.message.clone())),
        reason => reason,
    }
}

/// Asks the runtime of this thread to stop, in order, and returns at once.
///
/// Every process, the caller too, gets an exit signal `Shutdown`, those under supervisors from
/// these; see [`Runtime::run`]. Calling it again changes nothing.
///
/// ```
/// use kerosene::prelude::*;
///
/// let reason = kerosene::run(async {
///     spawn(async { kerosene::stop() });
///     sleep(Duration::MAX).await;
/// });
/// assert_eq!(reason, ExitReason::Shutdown);
/// ```
///
/// # Panics
///
/// On a thread that belongs to no runtime.
///
/// In Erlang: `init:stop/0`.
#[track_caller]
pub fn stop() {
    let Some(schedulers) = schedulers_here() else {
        panic!("kerosene::stop stops the runtime of this thread, and this thread belongs to none")
    };
    schedulers.request_stop();
}

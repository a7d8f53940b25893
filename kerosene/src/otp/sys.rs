//! Looking into running servers: their state, whether they work, what they do.
//!
//! Every process of `otp` receives [`SysMessage`] beside its own messages, in the order of its
//! mailbox, and gives it to its [`System`], which does what is asked. So the questions below can be
//! asked of a server, a supervisor or a state machine alike, and nobody has to implement them.
//!
//! - Y1: a suspended process takes nothing out of its mailbox but these, and the order of its
//!   parent to stop.
//! - Y2: code that somebody sends to be run on a state cannot end the process: a panic in it is
//!   caught, reported to the sender, and leaves the state as it was.

use std::any::{Any, type_name};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::time::Instant;
use tracing::Level;

use super::call::{CallError, ReplyTo, call_with};
use super::start::ancestors;
use crate::{Destination, ExitReason, pid, put};

/// In the dictionary, this is dropped at the end of the process, and so tells its reason.
const STOPPED_BY: &str = "$stopped_by";

/// A question or an order to a process of `otp`. Made by the functions of this module, and received
/// by loops that keep a [`System`].
pub struct SysMessage(Kind);

enum Kind {
    Describe(ReplyTo<String>),
    Look(Job),
    Suspend(ReplyTo<()>),
    Resume(ReplyTo<()>),
    Statistics(ReplyTo<Statistics>),
    Trace(bool, ReplyTo<()>),
    Stop(ExitReason, ReplyTo<()>),
}

/// What is to be done with the state, and how to answer.
type Job = Box<dyn FnOnce(&mut dyn Any) + Send>;

/// A state that can be looked at. Implemented by every [`GenServer`](super::GenServer), and by the
/// states of other loops.
pub trait Inspect: Any + Send {
    /// The state as text, for people.
    fn describe(&self) -> String;
}

/// What a process has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// How long it has been running.
    pub run_time: Duration,
    /// The messages it has handled, without those of this module.
    pub messages: u64,
    /// Whether it is suspended.
    pub is_suspended: bool,
}

/// Why the state of a process was not looked at or not replaced.
///
/// In Erlang: what `sys:replace_state` exits with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum InspectError {
    /// The process did not answer.
    Call(CallError),
    /// Its state is of another type; this is what was asked for.
    OtherType(&'static str),
    /// The function has panicked. The state is as it was.
    Panicked,
}

impl fmt::Display for InspectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::OtherType(wanted) => write!(f, "the state is not of type `{wanted}`"),
            Self::Panicked => f.write_str("the function has panicked"),
        }
    }
}

impl std::error::Error for InspectError {}

/// The state of a process as text: its `Debug` form where an actor's type has one.
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: `sys:get_state/1`; the term itself is what [`inspect`] sees.
pub async fn get_state(dest: impl Destination) -> Result<String, CallError> {
    call_with(dest, |reply_to| SysMessage(Kind::Describe(reply_to))).await
}

/// Runs a function on the state of a process, in that process, and returns its result.
///
/// ```
/// use kerosene::otp::{self, GenServer, Init, Next, StartOptions, sys};
/// use kerosene::prelude::*;
///
/// struct Counter(u64);
///
/// impl GenServer for Counter {
///     type Args = u64;
///     type Request = ();
///
///     async fn init(start: u64) -> Init<Self> {
///         Init::Ready(Self(start))
///     }
///
///     async fn handle_request(&mut self, (): ()) -> Next {
///         Next::Continue
///     }
/// }
///
/// kerosene::run(async {
///     let counter = otp::gen_server::start_link::<Counter>(StartOptions::new(), 7).await?;
///     assert_eq!(sys::inspect(counter, |counter: &Counter| counter.0).await, Ok(7));
///     sys::replace_state(counter, |old: &Counter| Counter(old.0 + 1)).await?;
///     assert_eq!(sys::inspect(counter, |counter: &Counter| counter.0).await, Ok(8));
///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// });
/// ```
///
/// # Errors
///
/// [`InspectError`].
///
/// In Erlang: `sys:get_state/1`.
pub async fn inspect<S, R>(
    dest: impl Destination,
    look: impl FnOnce(&S) -> R + Send + 'static,
) -> Result<R, InspectError>
where
    S: Any,
    R: Send + 'static,
{
    on_state(dest, |state: &mut S| look(state)).await
}

/// Replaces the state of a process by what a function makes of it. If the function panics, the
/// state stays as it was.
///
/// # Errors
///
/// [`InspectError`].
///
/// In Erlang: `sys:replace_state/2`.
pub async fn replace_state<S: Any>(
    dest: impl Destination,
    replace: impl FnOnce(&S) -> S + Send + 'static,
) -> Result<(), InspectError> {
    on_state(dest, |state: &mut S| *state = replace(state)).await
}

async fn on_state<S, R>(
    dest: impl Destination,
    job: impl FnOnce(&mut S) -> R + Send + 'static,
) -> Result<R, InspectError>
where
    S: Any,
    R: Send + 'static,
{
    let message = |reply_to: ReplyTo<Result<R, InspectError>>| {
        SysMessage(Kind::Look(Box::new(move |state| {
            let Some(state) = state.downcast_mut::<S>() else {
                return reply_to.reply(Err(InspectError::OtherType(type_name::<S>())));
            };
            let done = catch_unwind(AssertUnwindSafe(|| job(state)));
            reply_to.reply(done.map_err(|_| InspectError::Panicked));
        })))
    };
    call_with(dest, message).await.map_err(InspectError::Call)?
}

/// Lets a process stop handling messages, which wait in its mailbox until [`resume`]. To suspend a
/// suspended process changes nothing.
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: `sys:suspend/1`.
pub async fn suspend(dest: impl Destination) -> Result<(), CallError> {
    call_with(dest, |reply_to| SysMessage(Kind::Suspend(reply_to))).await
}

/// Lets a suspended process go on.
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: `sys:resume/1`.
pub async fn resume(dest: impl Destination) -> Result<(), CallError> {
    call_with(dest, |reply_to| SysMessage(Kind::Resume(reply_to))).await
}

/// What a process has done so far.
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: `sys:statistics/2`, which must be switched on first.
pub async fn statistics(dest: impl Destination) -> Result<Statistics, CallError> {
    call_with(dest, |reply_to| SysMessage(Kind::Statistics(reply_to))).await
}

/// Switches on or off that a process reports each message it handles, through `tracing`, at level
/// INFO, target `kerosene::sys`.
///
/// # Errors
///
/// [`CallError`].
///
/// In Erlang: `sys:trace/2`, which prints.
pub async fn trace(dest: impl Destination, is_on: bool) -> Result<(), CallError> {
    call_with(dest, |reply_to| SysMessage(Kind::Trace(is_on, reply_to))).await
}

/// Stops a process in good order, and waits until it has ended with that reason. It runs its
/// terminate callback.
///
/// With a time-out that is over the process has still been told.
///
/// # Errors
///
/// [`CallError`]; [`CallError::Exited`] if the process has ended with another reason.
///
/// In Erlang: `gen_server:stop/3`, `proc_lib:stop/3`.
pub async fn stop(
    dest: impl Destination,
    reason: impl Into<ExitReason>,
    timeout: Duration,
) -> Result<(), CallError> {
    let reason = reason.into();
    let wanted = reason.clone();
    let stop = |reply_to| SysMessage(Kind::Stop(reason, reply_to));
    match call_with(dest, stop).timeout(timeout).await {
        Err(CallError::Exited(reason)) if reason == wanted => Ok(()),
        other => other,
    }
}

impl fmt::Debug for SysMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.0 {
            Kind::Describe(_) => "get_state",
            Kind::Look(_) => "inspect",
            Kind::Suspend(_) => "suspend",
            Kind::Resume(_) => "resume",
            Kind::Statistics(_) => "statistics",
            Kind::Trace(..) => "trace",
            Kind::Stop(..) => "stop",
        };
        write!(f, "SysMessage({name})")
    }
}

/// The part of a server loop that answers [`SysMessage`]s.
#[derive(Debug)]
pub struct System {
    began: Instant,
    messages: u64,
    /// The type of the message handled last.
    last_message: Option<&'static str>,
    is_suspended: bool,
    is_traced: bool,
}

/// What the loop does after a [`SysMessage`].
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum SysAction {
    /// Goes on.
    Continue,
    /// Ends in good order, with this reason.
    Stop(ExitReason),
}

impl System {
    /// For a process that begins now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            messages: 0,
            last_message: None,
            is_suspended: false,
            is_traced: false,
        }
    }

    /// Whether to receive nothing but [`SysMessage`]s and the order of the parent to stop.
    pub fn is_suspended(&self) -> bool {
        self.is_suspended
    }

    /// Counts a message that the process handles, and reports it if it is traced.
    #[inline]
    pub fn note(&mut self, type_name: impl FnOnce() -> &'static str) {
        self.messages += 1;
        let message = type_name();
        self.last_message = Some(message);
        if self.is_traced {
            tracing::info!(target: "kerosene::sys", pid = %pid(), message, "handles");
        }
    }

    /// Reports that the process terminates, unless the reason is an orderly one: with what it has
    /// handled last, its state and its ancestors.
    ///
    /// In Erlang: the error report of `gen_server` and `gen_statem`.
    pub fn report(&self, reason: &ExitReason, state: &dyn Inspect) {
        if reason.is_abnormal() && tracing::enabled!(target: "kerosene::server", Level::ERROR) {
            tracing::error!(
                target: "kerosene::server",
                pid = %pid(),
                reason = %reason,
                last_message = self.last_message.unwrap_or("(none)"),
                messages = self.messages,
                state = described(state),
                ancestors = ?ancestors(),
                "a server terminates"
            );
        }
    }

    /// Does what the message asks for.
    pub fn handle(&mut self, message: SysMessage, state: &mut dyn Inspect) -> SysAction {
        match message.0 {
            Kind::Describe(reply_to) => {
                reply_to.reply(described(state));
            }
            Kind::Look(job) => job(state),
            Kind::Suspend(reply_to) => {
                self.is_suspended = true;
                reply_to.reply(());
            }
            Kind::Resume(reply_to) => {
                self.is_suspended = false;
                reply_to.reply(());
            }
            Kind::Statistics(reply_to) => reply_to.reply(Statistics {
                run_time: self.began.elapsed(),
                messages: self.messages,
                is_suspended: self.is_suspended,
            }),
            Kind::Trace(is_on, reply_to) => {
                self.is_traced = is_on;
                reply_to.reply(());
            }
            Kind::Stop(reason, reply_to) => {
                put(STOPPED_BY, std::sync::Mutex::new(reply_to));
                return SysAction::Stop(reason);
            }
        }
        SysAction::Continue
    }
}

impl Default for System {
    fn default() -> Self {
        Self::new()
    }
}

/// The state as text, whatever its `Debug` does.
fn described(state: &dyn Inspect) -> String {
    let text = catch_unwind(AssertUnwindSafe(|| state.describe()));
    text.unwrap_or_else(|_| "(its Debug has panicked)".to_owned())
}

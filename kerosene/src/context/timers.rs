//! Messages to be sent later, once or again and again, by the timers of a runtime.

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::process::{slot_of, spend, table_here};
use crate::scheduler::{Form, Interval, Shard, cancel, remaining, schedulers_here, shard};
use crate::term::{Dest, Destination, Message, Pid, Timer};

/// A timer for longer than this never fires, as far as anyone can tell.
const FOR_EVER: Duration = Duration::from_hours(100 * 365 * 24);

/// Sends a message after a delay. Returns at once, with a handle to cancel the timer or read what
/// is left of it.
///
/// It is never sent early. Timers with different deadlines fire in the order of those; a delay of
/// zero is a delay: the message is not there yet when the call returns. [`Duration::MAX`] is
/// never. A timer aimed at a pid or an alias is gone, message and all, when that process ends; one
/// aimed at a name goes to whoever has the name when it fires. That its creator has ended does not
/// matter to a timer.
///
/// The timer is kept by the runtime of this thread and ends with it; on a thread that belongs to
/// none, by that of the destination.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let timer = schedule(Duration::from_millis(10), pid(), "ring");
///     assert!(timer.remaining().is_some());
///     receive! { what: &str => assert_eq!(what, "ring") }
///     assert_eq!(timer.cancel(), None);
/// });
/// ```
///
/// # Panics
///
/// If there has not been any runtime in this OS process.
///
/// In Erlang: `erlang:send_after/3`.
#[track_caller]
pub fn schedule<M: Any + Send>(delay: Duration, dest: impl Destination, message: M) -> Timer {
    start(delay, dest.dest(), Form::Bare, Message::of(message))
}

/// Sends a [`Timeout`](crate::Timeout) that carries the timer's handle and the message, after a
/// delay. In all else it is [`schedule`].
///
/// This is the form to use for a timer that is cancelled: where `cancel` comes too late, the
/// `Timeout` with that very handle is in the mailbox, and can be told from any other.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let timer = start_timer(Duration::ZERO, pid(), 7_u8);
///     receive! {
///         Timeout { timer: t, message, .. } if t == timer => assert!(message.is::<u8>()),
///     }
/// });
/// ```
///
/// # Panics
///
/// Like [`schedule`].
///
/// In Erlang: `erlang:start_timer/3`.
#[track_caller]
pub fn start_timer<M: Any + Send>(delay: Duration, dest: impl Destination, message: M) -> Timer {
    start(delay, dest.dest(), Form::Timeout, Message::of(message))
}

/// Sends a message again and again, the first time after one period.
///
/// What is sent are clones of the message. The interval ends when it is cancelled, or when the
/// process it is aimed at ends; one that is aimed at a name goes on. The rhythm is kept: ticks do
/// not drift, and ticks that could not be sent in time, because the machine was busy, are skipped,
/// not sent in a burst. It does not look at how many ticks the receiver has left in its mailbox.
///
/// ```
/// use kerosene::prelude::*;
///
/// #[derive(Clone)]
/// struct Tick;
///
/// kerosene::run(async {
///     let ticks = schedule_interval(Duration::from_millis(5), pid(), Tick);
///     for _ in 0..3 {
///         receive! { Tick => () }
///     }
///     ticks.cancel();
/// });
/// ```
///
/// # Panics
///
/// If the period is zero, and like [`schedule`].
///
/// In Erlang: `timer:send_interval/3`.
#[track_caller]
pub fn schedule_interval<M>(period: Duration, dest: impl Destination, message: M) -> Timer
where
    M: Any + Send + Clone,
{
    assert!(!period.is_zero(), "an interval needs a period of more than zero");
    let make = Arc::new(Mutex::new(move || Message::of(message.clone())));
    let (dest, interval) = (dest.dest(), Interval { period, make });
    spend(1);
    timers_for(dest).send_each(deadline(period), dest, interval)
}

#[track_caller]
#[inline]
fn start(delay: Duration, dest: Dest<'_>, form: Form, message: Message) -> Timer {
    spend(1);
    timers_for(dest).send(deadline(delay), dest, form, message)
}

#[inline]
fn deadline(delay: Duration) -> Instant {
    Instant::now() + delay.min(FOR_EVER)
}

/// The timers of this thread, or else some of the runtime of the destination.
#[track_caller]
#[inline]
fn timers_for(dest: Dest<'_>) -> &'static Shard {
    match schedulers_here() {
        Some(schedulers) => schedulers.timers_here(),
        None => timers_elsewhere(dest),
    }
}

#[cold]
#[track_caller]
fn timers_elsewhere(dest: Dest<'_>) -> &'static Shard {
    let pid = match dest {
        Dest::Pid(pid) => Some(pid),
        Dest::Alias(alias) => Some(alias.owner()),
        Dest::Name(name) => table_here().registry.whereis(name),
    };
    pid.and_then(timers_of).or_else(|| shard(0)).unwrap_or_else(|| {
        panic!("kerosene: a timer needs a runtime, and this thread belongs to none")
    })
}

fn timers_of(pid: Pid) -> Option<&'static Shard> {
    let number = slot_of(pid)?.with_tenant(pid, |shared| shared.schedule?.timer_shard().into());
    shard(number.flatten()?)
}

impl Timer {
    /// Cancels the timer. Any process that has the handle may.
    ///
    /// Returns what was left of it, for an interval until its next tick; or `None` if it has fired,
    /// was cancelled, or ended with the process it was aimed at. That it has fired does not tell
    /// whether the message has been received: see [`start_timer`].
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let timer = schedule(Duration::from_secs(60), pid(), "too late");
    ///     assert!(timer.cancel().is_some());
    ///     assert!(timer.cancel().is_none());
    /// });
    /// ```
    ///
    /// In Erlang: `erlang:cancel_timer/1`.
    pub fn cancel(self) -> Option<Duration> {
        cancel(self)
    }

    /// What is left of the timer, or `None` as for [`cancel`](Self::cancel).
    ///
    /// In Erlang: `erlang:read_timer/1`.
    pub fn remaining(self) -> Option<Duration> {
        remaining(self)
    }
}

//! Who sleeps until the first deadline of a runtime, and sends what is due.
//!
//! All shards have one sleeper, a tokio task. It says until when it sleeps ([`Until`]); who starts
//! a timer that is due before wakes it. Nobody else does: a timer that is cancelled leaves it
//! asleep, and it finds that there is nothing to do.
//!
//! What is due is sent in the order of deadlines, over all shards (E5): always from the shard whose
//! first is the earliest, up to the first of the others. A timer that is started meanwhile in a
//! shard that had nothing due waits for the next look; and so does whatever is started after it, as
//! that is due later than the moment for which all shards are asked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::super::decoy::Wakeable;
use super::payload::{Due, Make, Recipient};
use super::shard::Shard;
use super::until::{FOR_EVER, Until};
use super::wheel::Key;
use super::{Timers, cancel};
use crate::process::{slot_of, try_send};
use crate::term::{Message, Timeout, Timer, quietly};

/// How many due timers are taken out at once, so that no shard is locked for long, and sent before
/// others have their turn.
const BATCH: usize = 64;

/// What those who start timers know of the one who sleeps.
#[derive(Debug)]
pub(super) struct Sleeper {
    until: Until,
    earlier: Notify,
    decoy: Wakeable,
}

impl Sleeper {
    pub(super) fn new() -> Self {
        Self { until: Until::new(), earlier: Notify::new(), decoy: Wakeable::default() }
    }

    /// A timer has been started, and its shard let go of.
    #[inline]
    pub(super) fn expect(&self, deadline: u64) {
        if self.until.is_too_late_for(deadline) {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        self.earlier.notify_one();
        self.decoy.wake();
    }

    /// The body of the sleeper's decoy.
    pub(super) async fn decoy(&self) {
        self.decoy.decoy().await;
    }
}

impl Timers {
    /// Fires timers as they fall due. Runs as a tokio task as long as the runtime.
    pub(crate) async fn run(&self) {
        let epoch = self.shards[0].epoch();
        let mut due = Vec::new();
        loop {
            match self.look() {
                FOR_EVER => self.sleeper.earlier.notified().await,
                until => tokio::select! {
                    biased;
                    () = sleep_until(epoch + Duration::from_nanos(until)) => {
                        self.fire(&mut due).await;
                    }
                    () = self.sleeper.earlier.notified() => {}
                },
            }
        }
    }

    /// Until when there is nothing to do, unless a timer is started.
    fn look(&self) -> u64 {
        self.sleeper.until.set_for_ever();
        let now = Instant::now();
        let first = self.shards.iter().filter_map(|shard| shard.next(now)).min();
        let first = first.unwrap_or(FOR_EVER);
        self.sleeper.until.lower(first);
        first
    }

    async fn fire(&self, due: &mut Vec<Due>) {
        let now = Instant::now();
        let mut firsts: Vec<_> = self.shards.iter().map(|shard| shard.first_due(now)).collect();
        loop {
            due.reserve(BATCH);
            while due.len() < BATCH
                && let Some((at, until)) = earliest(&firsts)
            {
                firsts[at] = self.shards[at].take_due(now, until, BATCH, due);
            }
            let count = due.len();
            due.drain(..).for_each(fire_one);
            if count < BATCH {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Whose first is the earliest, and the first of the others.
fn earliest(firsts: &[Option<Key>]) -> Option<(usize, Key)> {
    let mut there = firsts.iter().enumerate().filter_map(|(at, first)| Some((at, (*first)?)));
    let mut earliest = there.next()?;
    let mut until = Key::LAST;
    for next in there {
        let later = if next.1 < earliest.1 { std::mem::replace(&mut earliest, next) } else { next };
        until = until.min(later.1);
    }
    Some((earliest.0, until))
}

fn fire_one(due: Due) {
    match due {
        Due::Wake(pid) => {
            if let Some(slot) = slot_of(pid) {
                slot.timer(pid);
            }
        }
        Due::Send(to, message) => send(&to, message),
        Due::Timeout(timer, to, message) => {
            send(&to, Message::new(Timeout::new(timer, message)));
        }
        Due::Tick(timer, to, make) => tick(timer, &to, &make),
    }
}

/// If nobody is there, the message is dropped, and that may panic.
fn send(to: &Recipient, message: Message) {
    quietly(|| drop(try_send(to.dest(), message)));
}

/// Sends the message of an interval, unless it was cancelled or its recipient has ended: under the
/// lock, so that no tick comes after `cancel` has returned (E3).
fn tick(timer: Timer, to: &Recipient, make: &Make) {
    let message = catch_unwind(AssertUnwindSafe(|| {
        let make = make.lock().unwrap_or_else(PoisonError::into_inner);
        make()
    }));
    let mut message = match message {
        Ok(message) => Some(message),
        Err(payload) => {
            cancel(timer);
            return quietly(|| drop(payload));
        }
    };
    let shard = super::shard(timer.shard);
    let sent = shard.and_then(|shard: &Shard| {
        shard.while_there(timer, || message.take().map(|m| try_send(to.dest(), m)))
    });
    quietly(|| drop((sent, message)));
}

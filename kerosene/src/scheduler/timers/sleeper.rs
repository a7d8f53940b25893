//! Who sleeps until the first deadline of a runtime, and when it is woken before.
//!
//! All shards have one sleeper, a tokio task. It tells until when it sleeps in `until`; who starts
//! a timer that is due before lowers that, and wakes it. Nobody else does: a timer that is
//! cancelled leaves it asleep, and it finds that there is nothing to do.
//!
//! Why no timer is missed: the sleeper first says that it sleeps for ever, then looks at the
//! shards, each under its lock. A timer that it does not see there was started later under that
//! lock, so whoever starts it sees that word, or a later one: that of the sleeper, or of another
//! who has lowered it and wakes the sleeper, which then looks at all shards again.
//!
//! What is due is sent in the order of deadlines, over all shards (E5): always from the shard whose
//! first is the earliest, up to the first of the others. A timer that is started meanwhile, after
//! its shard was asked, waits for the next look, and so does whatever was started after it, as that
//! is due later than the moment for which all are asked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_utils::CachePadded;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::super::decoy::Wakeable;
use super::payload::{Due, Make, Recipient};
use super::shard::Shard;
use super::wheel::Key;
use super::{Timers, cancel};
use crate::process::{slot_of, try_send};
use crate::term::{Message, Timeout, Timer, quietly};

/// How many due timers are taken out at once, so that no shard is locked for long, and sent before
/// others have their turn.
const BATCH: usize = 64;

/// Asleep until woken.
const FOR_EVER: u64 = u64::MAX;

/// What those who start timers know of the one who sleeps.
#[derive(Debug)]
pub(super) struct Sleeper {
    /// In nanoseconds since the epoch.
    until: CachePadded<AtomicU64>,
    earlier: Notify,
    decoy: Wakeable,
}

impl Sleeper {
    pub(super) fn new() -> Self {
        let until = CachePadded::new(AtomicU64::new(FOR_EVER));
        Self { until, earlier: Notify::new(), decoy: Wakeable::default() }
    }

    /// A timer has been started, and its shard let go of.
    #[inline]
    pub(super) fn expect(&self, deadline: u64) {
        // Relaxed: the lock of the shard, which came before, orders this after the store in
        // `look`, if that look did not see the timer.
        if deadline < self.until.load(Ordering::Relaxed) {
            self.wake(deadline);
        }
    }

    #[cold]
    fn wake(&self, deadline: u64) {
        // Relaxed: as in `expect`. Of those who come at once, one wakes for all who are later.
        if self.until.fetch_min(deadline, Ordering::Relaxed) > deadline {
            self.earlier.notify_one();
            self.decoy.wake();
        }
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
        // Relaxed: the locks of the shards order it for whoever starts a timer after this look.
        self.sleeper.until.store(FOR_EVER, Ordering::Relaxed);
        let now = Instant::now();
        let first = self.shards.iter().filter_map(|shard| shard.next(now)).min();
        let first = first.unwrap_or(FOR_EVER);
        // Relaxed: who reads the word from before wakes this task once too often.
        self.sleeper.until.fetch_min(first, Ordering::Relaxed);
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

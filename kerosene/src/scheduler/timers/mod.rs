//! Timers: messages to be sent later, and processes to be woken.
//!
//! The timers of a runtime are in shards, one for each scheduler and one for threads that are none,
//! each with a lock of its own that hardly anybody else takes ([`shard`]). A shard has them in a
//! wheel ([`wheel`]), which knows the first deadline. One tokio task for all shards sleeps until
//! that, and sends what is due ([`sleeper`]). Who has the handle of a timer has its shard and its
//! place there.
//!
//! A process that waits with a timeout, however many timers it has in its body, is in its shard
//! once at most, and stays there when it was woken for another reason: the next wait finds the
//! timer set, so that a loop of receives that never time out hardly touches the shard.
//!
//! - E1: a timer never fires before its deadline, which is kept to the nanosecond.
//! - E2: a timer aimed at a process is added under the lock of its shard, after the process was
//!   seen alive and has noted the shard; a process that begins to end takes the locks of the shards
//!   that it has noted afterwards and removes what is there (compare N2). So no timer aimed at a
//!   pid outlives it.
//! - E3: a tick of an interval is sent under the lock of its shard, if the interval is still there.
//! - E4: no code of the user's, a `Clone` or a `Drop`, runs while a shard is locked.
//! - E5: what is due fires in the order of deadlines, and of numbers among equals, whatever shards
//!   it is in.
//!
//! The lock of a process may be taken under that of a shard, never the other way round, and no two
//! shards are locked at once.

mod heads;
mod payload;
mod pool;
mod shard;
mod sleeper;
mod state;
mod until;
mod wheel;
#[cfg(test)]
mod wheel_tests;

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::process::{TimerKey, TimersAt};
use crate::term::{Pid, Timer, node, quietly};
pub(crate) use payload::{Form, Interval};
pub(crate) use shard::Shard;
use sleeper::Sleeper;

/// Shards that one runtime has at most; schedulers beyond share them.
const SHARDS_MAX: usize = 64;

/// Timers of a process that are removed at once, so that no shard is locked for long.
const BATCH: usize = 64;

/// The timers of one runtime.
pub(crate) struct Timers {
    /// A power of two.
    shards: Vec<&'static Shard>,
    sleeper: &'static Sleeper,
}

/// All shards by number, in blocks that are made when needed: to be found without a lock.
static SHARDS: [OnceLock<Block>; BLOCKS] = [const { OnceLock::new() }; BLOCKS];
type Block = Box<[OnceLock<Shard>]>;
const BLOCK: usize = 64;
const BLOCKS: usize = 1024;

/// How many there are.
static COUNT: Mutex<u32> = Mutex::new(0);

impl Timers {
    /// Timers that will live for ever, for so many schedulers; for none, those of a simulation.
    pub(super) fn leaked(schedulers: usize) -> &'static Self {
        let sleeper: &Sleeper = Box::leak(Box::new(Sleeper::new()));
        let count = (schedulers + 1).next_power_of_two().min(SHARDS_MAX);
        let shards = (0..count).map(|_| new_shard(sleeper)).collect();
        Box::leak(Box::new(Self { shards, sleeper }))
    }

    /// The timers of a runtime that starts: of its clock it is `now`, and its processes are of
    /// this node.
    pub(super) fn begin(&self, now: Instant, node: u64) {
        self.shards.iter().for_each(|shard| shard.reset(now, node));
    }

    /// Forgets everything, when the runtime has stopped.
    pub(super) fn clear(&self) {
        self.shards.iter().for_each(|shard| shard.reset(Instant::now(), node::HERE));
    }

    /// The shard of the scheduler with this id, or that of threads that are none.
    #[inline]
    pub(super) fn shard(&self, scheduler: Option<usize>) -> &'static Shard {
        let at = scheduler.map_or(0, |id| id + 1);
        self.shards[at & (self.shards.len() - 1)]
    }

    /// The body of the decoy of the task that sleeps.
    pub(super) async fn decoy(&self) {
        self.sleeper.decoy().await;
    }
}

fn new_shard(sleeper: &'static Sleeper) -> &'static Shard {
    let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    let number = *count as usize;
    let block = SHARDS.get(number / BLOCK).expect("system limit: 65 536 schedulers");
    let block = block.get_or_init(|| (0..BLOCK).map(|_| OnceLock::new()).collect());
    let shard = block[number % BLOCK].get_or_init(|| Shard::new(*count, sleeper));
    *count += 1;
    shard
}

/// The shard with this number.
#[inline]
pub(crate) fn shard(number: u32) -> Option<&'static Shard> {
    let number = number as usize;
    SHARDS.get(number / BLOCK)?.get()?[number % BLOCK].get()
}

/// Removes the timers aimed at a process that has begun to end (E2).
pub(super) fn forget_pid(pid: Pid, at: TimersAt) {
    if let Some(shard) = at.shard().and_then(shard) {
        forget_in(shard, pid);
    } else {
        let count = *COUNT.lock().unwrap_or_else(PoisonError::into_inner);
        (0..count).filter_map(shard).for_each(|shard| forget_in(shard, pid));
    }
}

/// Takes a timer back that wakes a process.
pub(super) fn forget(key: TimerKey) {
    if let Some(shard) = shard(key.shard) {
        shard.forget(key);
    }
}

fn forget_in(shard: &Shard, pid: Pid) {
    let mut removed = Vec::new();
    loop {
        shard.take_of(pid, BATCH, &mut removed);
        let count = removed.len();
        // What is in them is dropped here, outside the lock.
        removed.drain(..).for_each(|removed| quietly(|| drop(removed)));
        if count < BATCH {
            return;
        }
    }
}

/// Cancels a timer: what was left of it, or `None` if it is not pending.
#[inline]
pub(crate) fn cancel(timer: Timer) -> Option<Duration> {
    shard(timer.shard)?.cancel(timer)
}

/// What is left of a timer, or `None` if it is not pending.
pub(crate) fn remaining(timer: Timer) -> Option<Duration> {
    shard(timer.shard)?.remaining(timer)
}

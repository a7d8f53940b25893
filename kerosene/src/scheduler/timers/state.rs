//! What a shard knows of its timers: when, to whom, what. Data only, to be used under the lock.
//!
//! ```text
//!   heads:  pid ──▶ node ◀──▶ node        those aimed at a process, through `next` and `prev`
//!   wheel:          node ◀──▶ node ◀──▶   those of a slot, through the wheel's own
//!   rare:  index ─▶ what few timers have: a name, an alias, an interval
//! ```
//!
//! A timer takes 80 bytes: its message is 40; deadline, number and the key of the pid are 24; the
//! neighbours in both lists 16. The number has three bits below it that tell what the timer is, so
//! that this takes no word of its own.
//!
//! - S1: a timer that sends, and that ends with a process, is in the list of the index of its pid,
//!   and no other is. By E2 those of a list are aimed at one process; or at two, where a simulation
//!   and a runtime outside of it start timers for each other's processes.
//! - S2: `rare` has an entry for a node exactly if its number says [`RARE`]. Intervals are.
//! - S3: the number of a node is that of the reference of its timer, but for an interval, whose
//!   number is new with each tick.

use std::sync::Arc;
use std::time::Duration;

use foldhash::HashMap;
use tokio::time::Instant;

use super::heads::Heads;
use super::payload::{Due, Form, Interval, Recipient};
use super::pool::{NONE, Node};
use super::wheel::{Key, Wheel};
use crate::term::{Dest, Message, Pid, Reference, Timer, node};

/// What a timer is, in the lowest bits of its number: one of these,
const KIND_BITS: u32 = 3;
const WAKE: u64 = 0;
const BARE: u64 = 1;
const TIMEOUT: u64 = 2;
const INTERVAL: u64 = 3;

/// and whether more is known of it than fits into a node.
const RARE: u64 = 4;

/// The timers of a shard.
pub(super) struct State {
    /// The shard's.
    number: u32,
    pub(super) epoch: Instant,
    /// The node of the processes that wait here, and of most that are sent to.
    node: u64,
    pub(super) wheel: Wheel<Sends>,
    heads: Heads,
    rare: HashMap<u32, Box<Rare>>,
}

/// What a timer is for.
pub(super) struct Sends {
    /// If it sends and is no interval.
    message: Option<Message>,
    /// Of the pid that it sends to, or wakes; 0, which no process has: of none.
    key: u64,
    /// Its neighbours among those of the pid.
    next: u32,
    prev: u32,
}

pub(super) struct Rare {
    reference: Reference,
    to: Recipient,
    interval: Option<Interval>,
}

/// What was in a timer, to be dropped when the lock is free again (E4).
#[must_use]
pub(super) struct Removed {
    _message: Option<Message>,
    _rare: Option<Box<Rare>>,
}

impl State {
    pub(super) fn new(shard: u32, epoch: Instant, node: u64) -> Self {
        let (wheel, heads, rare) = (Wheel::new(), Heads::default(), HashMap::default());
        Self { number: shard, epoch, node, wheel, heads, rare }
    }

    /// Nanoseconds since the epoch. What was before is due at once, and 584 years are for ever.
    #[inline]
    pub(super) fn nanos(&self, time: Instant) -> u64 {
        let since = time.saturating_duration_since(self.epoch);
        let seconds = since.as_secs().saturating_mul(1_000_000_000);
        seconds.saturating_add(u64::from(since.subsec_nanos()))
    }

    /// Starts a timer that sends a message, which it takes; says where it is.
    #[inline]
    pub(super) fn send(
        &mut self,
        deadline: u64,
        reference: Reference,
        to: Dest<'_>,
        (form, message): (Form, &mut Option<Message>),
    ) -> u32 {
        let kind = if form == Form::Bare { BARE } else { TIMEOUT };
        match to {
            Dest::Pid(pid) if pid.node() == self.node && reference.node() == self.node => {
                self.add(deadline, number_of(reference.id(), kind), pid.key(), message)
            }
            _ => self.add_rare(deadline, kind, Rare::new(reference, to), message),
        }
    }

    /// Starts a timer that sends again and again.
    pub(super) fn send_each(
        &mut self,
        deadline: u64,
        reference: Reference,
        to: Dest<'_>,
        interval: Option<Interval>,
    ) -> u32 {
        let rare = Rare { interval, ..Rare::new(reference, to) };
        self.add_rare(deadline, INTERVAL, rare, &mut None)
    }

    /// Starts a timer that wakes a process; says where it is.
    #[inline]
    pub(super) fn wake(&mut self, deadline: u64, number: u64, pid: Pid) -> u32 {
        debug_assert_eq!(pid.node(), self.node, "a process waits where it runs");
        self.wheel.add(deadline, number_of(number, WAKE), |sends| sends.key = pid.key())
    }

    /// Takes that back.
    pub(super) fn forget(&mut self, index: u32, number: u64) {
        let number = number_of(number, WAKE);
        if self.wheel.get(index).is_some_and(|node| node.number == number) {
            self.wheel.remove(index);
        }
    }

    #[inline]
    fn add(&mut self, deadline: u64, number: u64, key: u64, message: &mut Option<Message>) -> u32 {
        let index = self.wheel.add(deadline, number, |sends| {
            std::mem::swap(&mut sends.message, message);
            (sends.key, sends.next, sends.prev) = (key, NONE, NONE);
        });
        if key != 0 {
            self.link(key, index);
        }
        index
    }

    #[cold]
    fn add_rare(
        &mut self,
        deadline: u64,
        kind: u64,
        rare: Rare,
        message: &mut Option<Message>,
    ) -> u32 {
        let key = pid_of(rare.to.dest()).map_or(0, Pid::key);
        let number = number_of(rare.reference.id(), kind | RARE);
        let index = self.add(deadline, number, key, message);
        self.rare.insert(index, Box::new(rare));
        index
    }

    /// Puts a node into the list of its pid (S1).
    #[inline]
    fn link(&mut self, key: u64, index: u32) {
        let next = self.heads.replace(place_of(key), index);
        if next != NONE {
            self.wheel.value_mut(next).prev = index;
            self.wheel.value_mut(index).next = next;
        }
    }

    /// Takes a node out of the list of its pid, if it was in one (S1).
    #[inline]
    fn unlink(&mut self, sends: &Sends) {
        let Sends { key, next, prev, .. } = *sends;
        if next != NONE {
            self.wheel.value_mut(next).prev = prev;
        }
        if prev != NONE {
            self.wheel.value_mut(prev).next = next;
        } else if key != 0 {
            self.heads.replace(place_of(key), next);
        }
    }

    /// When a timer is due, if it is pending (S3).
    #[inline]
    pub(super) fn deadline(&self, timer: Timer) -> Option<u64> {
        let node = self.wheel.get(timer.index)?;
        let is_it = if node.number & RARE == 0 {
            node.number >> KIND_BITS == timer.reference.id()
                && timer.reference.node() == self.node
                && kind(node.number) != WAKE
        } else {
            self.rare[&timer.index].reference == timer.reference
        };
        is_it.then_some(node.deadline)
    }

    /// Takes out a timer that sends and is there.
    #[expect(clippy::inline_always, reason = "else a node of 80 bytes is copied at each call")]
    #[inline(always)]
    pub(super) fn remove(&mut self, index: u32) -> Removed {
        let Node { number, value, .. } = self.wheel.remove(index);
        self.unlink(&value);
        Removed { _message: value.message, _rare: self.take_rare(number, index) }
    }

    #[inline]
    fn take_rare(&mut self, number: u64, index: u32) -> Option<Box<Rare>> {
        if number & RARE == 0 { None } else { self.rare.remove(&index) }
    }

    /// Takes out timers aimed at a process, until there are `max` in `removed`.
    pub(super) fn take_of(&mut self, pid: Pid, max: usize, removed: &mut Vec<Removed>) {
        let mut index = self.heads.get(pid.index());
        while index != NONE && removed.len() < max {
            let next = self.wheel.value_mut(index).next;
            if self.is_to(index, pid) {
                removed.push(self.remove(index));
            }
            index = next;
        }
    }

    /// Whether the node, which is in the list of the pid's index, is the pid's.
    fn is_to(&self, index: u32, pid: Pid) -> bool {
        match self.wheel.get(index) {
            Some(node) if node.number & RARE != 0 => {
                pid_of(self.rare[&index].to.dest()) == Some(pid)
            }
            Some(node) => node.value.key == pid.key() && pid.node() == self.node,
            None => false,
        }
    }

    /// What is to be done for a node that has been popped as due.
    pub(super) fn fire(&mut self, key: Key, now: u64) -> Due {
        let (kind, index) = (kind(key.number), key.index);
        if kind == INTERVAL {
            return self.tick(key, now);
        }
        let sends = self.wheel.free(index);
        let pid = Pid::of_key(self.node, sends.key);
        if kind == WAKE {
            return Due::Wake(pid);
        }
        self.unlink(&sends);
        let message = sends.message.expect("invariant S1: what sends has a message");
        let (reference, to) = match self.take_rare(key.number, index) {
            Some(rare) => (rare.reference, rare.to),
            None => (Reference::of_id(self.node, key.number >> KIND_BITS), Recipient::Pid(pid)),
        };
        match kind {
            BARE => Due::Send(to, message),
            _ => Due::Timeout(Timer { reference, shard: self.number, index }, to, message),
        }
    }

    /// An interval stays where it is, with its next deadline.
    fn tick(&mut self, Key { deadline, index, .. }: Key, now: u64) -> Due {
        let rare = &self.rare[&index];
        let timer = Timer { reference: rare.reference, shard: self.number, index };
        let interval = rare.interval.as_ref().expect("invariant S2: it is an interval");
        let next = next_tick(deadline, now, interval.period);
        let due = Due::Tick(timer, rare.to.clone(), Arc::clone(&interval.make));
        self.wheel.again(index, next, number_of(node::next_reference(), INTERVAL | RARE));
        due
    }

    /// Drops all but what is rare, which comes in an order that is always the same.
    pub(super) fn into_rare(self) -> impl Iterator<Item = Box<Rare>> {
        let mut rare: Vec<_> = self.rare.into_iter().collect();
        rare.sort_unstable_by_key(|(index, _)| *index);
        rare.into_iter().map(|(_, rare)| rare)
    }
}

impl Rare {
    fn new(reference: Reference, to: Dest<'_>) -> Self {
        Self { reference, to: Recipient::from(to), interval: None }
    }
}

impl Default for Sends {
    #[inline]
    fn default() -> Self {
        Self { message: None, key: 0, next: NONE, prev: NONE }
    }
}

/// The process whose end makes the timer pointless.
#[inline]
pub(super) fn pid_of(dest: Dest<'_>) -> Option<Pid> {
    match dest {
        Dest::Pid(pid) => Some(pid),
        Dest::Alias(alias) => Some(alias.owner()),
        Dest::Name(_) => None,
    }
}

/// The place of a process in its table.
#[inline]
fn place_of(key: u64) -> u32 {
    Pid::of_key(node::HERE, key).index()
}

#[inline]
fn number_of(id: u64, kind: u64) -> u64 {
    id << KIND_BITS | kind
}

/// Without `RARE`.
#[inline]
fn kind(number: u64) -> u64 {
    number & (RARE - 1)
}

/// When an interval ticks next. Ticks that were missed are skipped; the rhythm is kept.
fn next_tick(last: u64, now: u64, period: Duration) -> u64 {
    let period = u64::try_from(period.as_nanos()).unwrap_or(u64::MAX).max(1);
    let missed = now.saturating_sub(last) / period;
    last.saturating_add(period.saturating_mul(missed.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_takes_80_bytes() {
        assert_eq!(size_of::<Node<Sends>>(), 80);
    }

    #[test]
    fn an_interval_skips_what_it_missed_and_keeps_its_rhythm() {
        let period = Duration::from_nanos(10);
        assert_eq!(next_tick(100, 100, period), 110);
        assert_eq!(next_tick(100, 109, period), 110);
        assert_eq!(next_tick(100, 110, period), 120);
        assert_eq!(next_tick(100, 155, period), 160);
        assert_eq!(next_tick(100, 155, Duration::MAX), u64::MAX);
    }
}

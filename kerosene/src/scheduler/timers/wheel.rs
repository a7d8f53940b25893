//! Which timer is due next: a hierarchical timing wheel (Varghese and Lauck, 1987) whose next ticks
//! are sorted.
//!
//! Time is cut into ticks of about a millisecond. The timers of the next ticks, up to the
//! *horizon*, are in a heap, in their exact order; the later ones are in slots, in no order, by the
//! first digit, to the base of 64, in which their tick differs from the horizon:
//!
//! ```text
//!          now   horizon
//!   ───────┼────────┤
//!          │  near  │ level 0: 64 slots of 1 tick, level 1: of 64 ticks, level 2: of 4096, ...
//!          │  heap  │ ├┼┼┼┼┼┼┼┤───────┼───────┼───────┤───────────────┼─────────────── ...
//! ```
//!
//! So starting and cancelling a timer is a few steps, however many there are, and a timer that is
//! cancelled long before its deadline, as most are, is never sorted. When the horizon reaches a
//! slot, its timers move on, to slots of lower levels or into the heap: as often as there are
//! levels at most.
//!
//! - W1: a node is in the heap if its tick is not after the horizon; else it is in the slot that
//!   [`Wheel::place`] names, whatever the horizon was when it got there: the horizon never passes
//!   the start of a slot that is not empty, so the first digit that differs stays the same.
//! - W2: all nodes of a level come before all of the next level, and those of a slot before those
//!   of the next one.
//! - W3: the horizon is at most [`NEAR`] ticks ahead of the present.
//! - W4: a node that was removed from the heap leaves its key there, which is known by its number;
//!   of such keys there are no more than of others, but for a few.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::pool::{NONE, Node, Pool};

/// A tick is 2 to the power of this nanoseconds: a millisecond, and a division that is a shift.
const TICK_BITS: u32 = 20;

/// A digit of a tick has so many bits.
const DIGIT_BITS: u32 = 6;

const SLOTS: usize = 1 << DIGIT_BITS;

/// Enough for all ticks of 64 bits of nanoseconds.
const LEVELS: usize = (u64::BITS - TICK_BITS).div_ceil(DIGIT_BITS) as usize;

/// How many ticks the horizon may be ahead: whoever sleeps until the first deadline is told that,
/// and not the start of a slot, if it is no further away.
const NEAR: u64 = 64;

/// So much room in the heap is kept when it is empty, and so many keys of removed nodes.
const KEPT_KEYS: usize = 64;

/// The place of a node in the order: its deadline, its number, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) deadline: u64,
    pub(super) number: u64,
    pub(super) index: u32,
}

impl Key {
    /// After all others.
    pub(super) const LAST: Self = Self { deadline: u64::MAX, number: u64::MAX, index: u32::MAX };
}

/// The timers of a shard, by time. What else they are is `T`'s.
pub(super) struct Wheel<T> {
    pool: Pool<T>,
    near: BinaryHeap<Reverse<Key>>,
    /// Nodes in the heap: its other keys are of nodes that were removed (W4).
    near_nodes: usize,
    horizon: u64,
    /// A bit for each slot that is not empty.
    occupied: [u64; LEVELS],
    /// The first node of each slot.
    heads: [[u32; SLOTS]; LEVELS],
}

impl<T: Default> Wheel<T> {
    pub(super) fn new() -> Self {
        Self {
            pool: Pool::new(),
            near: BinaryHeap::new(),
            near_nodes: 0,
            horizon: 0,
            occupied: [0; LEVELS],
            heads: [[NONE; SLOTS]; LEVELS],
        }
    }

    /// Adds a node, whose value is the default until it is filled; says where it is.
    #[inline]
    pub(super) fn add(&mut self, deadline: u64, number: u64, fill: impl FnOnce(&mut T)) -> u32 {
        let index = self.pool.add(deadline, number, fill);
        self.put(index, deadline, number);
        index
    }

    /// Takes a node out, which is there.
    #[expect(clippy::inline_always, reason = "else a node of 80 bytes is copied at each call")]
    #[inline(always)]
    pub(super) fn remove(&mut self, index: u32) -> Node<T> {
        let node = self.pool.take(index);
        match self.place(tick(node.deadline)) {
            Some(slot) => self.unlink(slot, node.next, node.prev),
            None => self.removed_near(),
        }
        node
    }

    #[inline]
    pub(super) fn get(&self, index: u32) -> Option<&Node<T>> {
        self.pool.get(index)
    }

    /// The value of a node that is there.
    #[inline]
    pub(super) fn value_mut(&mut self, index: u32) -> &mut T {
        &mut self.pool[index].value
    }

    /// When to look again, at the latest: the first deadline, exactly if it is near, and otherwise
    /// the start of its slot. Now is `now`, or later.
    pub(super) fn next(&mut self, now: u64) -> Option<u64> {
        let now = tick(now);
        self.advance(now);
        loop {
            if let Some(first) = self.first_near() {
                return Some(first.deadline);
            }
            let (slot, start) = self.next_slot()?;
            if start > now + NEAR {
                return Some(start << TICK_BITS);
            }
            self.reach(slot, start);
        }
    }

    /// The first node, if it is due.
    pub(super) fn first_due(&mut self, now: u64) -> Option<Key> {
        self.advance(tick(now));
        self.first_near().filter(|first| first.deadline <= now)
    }

    /// Takes the first node out of the order, but not out of the wheel, if it is due and not after
    /// `until`. The caller removes it with [`free`](Self::free) or puts it
    /// [`again`](Self::again).
    pub(super) fn pop_due(&mut self, now: u64, until: Key) -> Option<Key> {
        let first = self.first_due(now).filter(|first| *first <= until)?;
        self.near.pop();
        self.near_nodes -= 1;
        Some(first)
    }

    /// Takes out what has been popped.
    pub(super) fn free(&mut self, index: u32) -> T {
        self.pool.take(index).value
    }

    /// Gives what has been popped a new time, in the same place.
    pub(super) fn again(&mut self, index: u32, deadline: u64, number: u64) {
        let node = &mut self.pool[index];
        (node.deadline, node.number) = (deadline, number);
        self.put(index, deadline, number);
    }

    /// The slot of a tick. `None`: the heap (W1).
    #[expect(clippy::cast_possible_truncation, reason = "a digit is below 64")]
    #[inline]
    fn place(&self, tick: u64) -> Option<(usize, usize)> {
        if tick <= self.horizon {
            return None;
        }
        let level = (tick ^ self.horizon).ilog2() / DIGIT_BITS;
        let slot = (tick >> (level * DIGIT_BITS)) % (SLOTS as u64);
        Some((level as usize, slot as usize))
    }

    #[inline]
    fn put(&mut self, index: u32, deadline: u64, number: u64) {
        let Some((level, slot)) = self.place(tick(deadline)) else {
            self.near.push(Reverse(Key { deadline, number, index }));
            self.near_nodes += 1;
            return;
        };
        let next = std::mem::replace(&mut self.heads[level][slot], index);
        self.occupied[level] |= 1 << slot;
        let node = &mut self.pool[index];
        (node.next, node.prev) = (next, NONE);
        if next != NONE {
            self.pool[next].prev = index;
        }
    }

    #[inline]
    fn unlink(&mut self, (level, slot): (usize, usize), next: u32, prev: u32) {
        if next != NONE {
            self.pool[next].prev = prev;
        }
        if prev != NONE {
            self.pool[prev].next = next;
            return;
        }
        self.heads[level][slot] = next;
        if next == NONE {
            self.occupied[level] &= !(1 << slot);
        }
    }

    /// Brings the horizon to the present, if it is behind.
    fn advance(&mut self, now: u64) {
        while let Some((slot, start)) = self.next_slot().filter(|(_, start)| *start <= now) {
            self.reach(slot, start);
        }
        self.horizon = self.horizon.max(now);
    }

    /// The first slot that is not empty (W2), and the tick it starts with.
    fn next_slot(&self) -> Option<((usize, usize), u64)> {
        let level = self.occupied.iter().position(|slots| *slots != 0)?;
        let slot = self.occupied[level].trailing_zeros();
        let shift = u32::try_from(level).unwrap_or(0) * DIGIT_BITS;
        let before = self.horizon >> (shift + DIGIT_BITS) << DIGIT_BITS;
        Some(((level, slot as usize), (before | u64::from(slot)) << shift))
    }

    /// The horizon comes to the start of a slot: its nodes move on.
    fn reach(&mut self, (level, slot): (usize, usize), start: u64) {
        self.horizon = start;
        self.occupied[level] &= !(1 << slot);
        let mut index = std::mem::replace(&mut self.heads[level][slot], NONE);
        while index != NONE {
            let Node { deadline, number, next, .. } = self.pool[index];
            self.put(index, deadline, number);
            index = next;
        }
    }

    /// The first of the heap, without the keys of removed nodes before it.
    fn first_near(&mut self) -> Option<Key> {
        while let Some(Reverse(first)) = self.near.peek() {
            if is_there(&self.pool, first) {
                return Some(*first);
            }
            self.near.pop();
        }
        if self.near.capacity() > KEPT_KEYS {
            self.near = BinaryHeap::new();
        }
        None
    }

    /// A node of the heap was removed: its key stays, for some time (W4).
    fn removed_near(&mut self) {
        self.near_nodes -= 1;
        if self.near.len() > 2 * self.near_nodes + KEPT_KEYS {
            self.near.retain(|Reverse(key)| is_there(&self.pool, key));
        }
    }

    #[cfg(test)]
    pub(super) fn keys_near(&self) -> (usize, usize) {
        (self.near.len(), self.near_nodes)
    }
}

#[inline]
fn tick(nanos: u64) -> u64 {
    nanos >> TICK_BITS
}

fn is_there<T: Default>(pool: &Pool<T>, key: &Key) -> bool {
    pool.get(key.index).is_some_and(|node| node.number == key.number)
}

//! The inner queue: messages received and not yet taken.
//!
//! - Q1: every message in `fresh` is younger than every message in `skipped`.
//! - Q2: a message gets its number when it leaves `fresh`; numbers grow with age of arrival, so
//!   within one type, and over all types, smaller means older.
//! - Q3: `fresh` holds messages only; control signals have taken effect on reception.
//! - Q4: a place in `skipped` is empty only while its message is being offered to a receive. Others
//!   may be removed meanwhile, by a guard; so a place is known by its number, its index is a hint.
//!
//! A message that some receive has passed over is filed under its type, once. A later receive for
//! other types never meets it again, however many there are.

use std::any::{Any, TypeId};
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;

use super::buffer::Buffer;
use super::fresh::Fresh;
use super::incoming::{Arrived, Incoming};
use crate::term::Message;

/// The inner queue.
#[derive(Debug, Default)]
pub(crate) struct Received {
    fresh: Fresh,
    skipped: Option<Box<Skipped>>,
    /// The number that the next message leaving `fresh` gets (Q2).
    next_number: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Skipped {
    by_type: HashMap<TypeId, VecDeque<Filed>, BuildHasherDefault<TypeIdHasher>>,
    len: usize,
}

/// A message that was passed over, with its number. Empty while it is being offered (Q4).
#[derive(Debug)]
struct Filed {
    number: u64,
    message: Option<Message>,
}

/// Where a message lies in `skipped`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    type_id: TypeId,
    index: usize,
    pub(crate) number: u64,
}

impl Received {
    pub(crate) fn len(&self) -> usize {
        self.fresh.len() + self.skipped.as_ref().map_or(0, |skipped| skipped.len)
    }

    pub(crate) fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The number that the next message to be received will get.
    pub(crate) fn end_number(&self) -> u64 {
        self.next_number + self.fresh.len() as u64
    }

    pub(crate) fn fresh_is_empty(&self) -> bool {
        self.fresh.is_empty()
    }

    pub(crate) fn has_skipped(&self) -> bool {
        self.skipped.is_some()
    }

    /// Receives messages. The signals among them that are no messages have been taken out.
    pub(crate) fn append(&mut self, arrived: Arrived) {
        self.fresh.append(arrived.queue);
    }

    /// Receives one message.
    pub(crate) fn push(&mut self, message: Message) {
        self.fresh.push(message);
    }

    /// Receives a whole queue of messages by changing places with it; only if `fresh` is empty.
    #[inline]
    pub(super) fn swap_fresh(&mut self, queue: &mut Buffer) -> bool {
        self.fresh.swap(queue)
    }

    /// An empty buffer, to be kept elsewhere.
    #[inline]
    pub(super) fn spare(&mut self) -> Option<&mut Buffer> {
        self.fresh.spare()
    }

    /// The process comes to rest: it keeps one empty buffer at most. Returns what is to be freed.
    #[inline]
    pub(crate) fn rest(&mut self, incoming: &mut Incoming) -> Option<Buffer> {
        match self.fresh.spare() {
            Some(spare) if spare.is_small() && incoming.has_no_buffer() => {
                incoming.keep_buffer(spare);
                None
            }
            None if incoming.has_small_buffer() => None,
            _ => self.rest_choosing(incoming),
        }
    }

    /// The same, where there are two buffers, or one that is not small.
    #[inline(never)]
    fn rest_choosing(&mut self, incoming: &mut Incoming) -> Option<Buffer> {
        let mut freed = None;
        if let Some(spare) = self.fresh.spare() {
            incoming.keep_buffer(spare);
            freed = (spare.capacity() > 0).then(|| mem::take(spare));
        }
        if incoming.is_too_large(self.fresh.burst()) {
            // Seldom two at once: then one of them is freed here.
            freed = Some(incoming.take_buffer());
        }
        freed
    }

    /// Takes the oldest message never looked at. Its number is the one before `next_number`.
    pub(crate) fn pop_fresh(&mut self) -> Option<Message> {
        let message = self.fresh.pop()?;
        self.next_number += 1;
        Some(message)
    }

    /// The same, into `empty`. Returns whether there was one.
    #[inline]
    pub(super) fn pop_fresh_into(&mut self, empty: &mut Message) -> bool {
        let is_there = self.fresh.pop_into(empty);
        if is_there {
            self.next_number += 1;
        }
        is_there
    }

    /// Files a message that was taken from `fresh` and not wanted. Messages are filed in the order
    /// they were taken, so each type's queue stays ordered (Q2).
    pub(crate) fn file(&mut self, number: u64, message: Message) {
        let skipped = self.skipped.get_or_insert_default();
        skipped.len += 1;
        let filed = skipped.by_type.entry(message.type_id_of_value()).or_default();
        filed.push_back(Filed { number, message: Some(message) });
    }

    /// The oldest filed message with a number of at least `from`, of one of `types` or of any.
    pub(crate) fn find(&self, types: Option<&[TypeId]>, from: u64) -> Option<Place> {
        let skipped = self.skipped.as_ref()?;
        let place = |type_id: TypeId, filed: &VecDeque<Filed>| {
            let index = first_from(filed, from);
            let number = filed.get(index)?.number;
            Some(Place { type_id, index, number })
        };
        let oldest = |a: &Place, b: &Place| a.number.cmp(&b.number);
        match types {
            Some(types) => {
                types.iter().filter_map(|id| place(*id, skipped.by_type.get(id)?)).min_by(oldest)
            }
            None => skipped.by_type.iter().filter_map(|(id, q)| place(*id, q)).min_by(oldest),
        }
    }

    /// Takes a filed message out of its place, to be offered (Q4).
    pub(crate) fn borrow(&mut self, place: Place) -> Option<Message> {
        self.filed(place)?.message.take()
    }

    /// Puts an offered message back.
    pub(crate) fn put_back(&mut self, place: Place, message: Message) {
        if let Some(filed) = self.filed(place) {
            filed.message = Some(message);
        }
    }

    /// Removes the place of an offered message that was wanted.
    pub(crate) fn remove(&mut self, place: Place) {
        let Some(skipped) = self.skipped.as_mut() else {
            return;
        };
        let Some(filed) = skipped.by_type.get_mut(&place.type_id) else {
            return;
        };
        let Some(index) = index_of(filed, place) else {
            return;
        };
        filed.remove(index);
        skipped.len -= 1;
        if filed.is_empty() {
            skipped.by_type.remove(&place.type_id);
        }
        if skipped.len == 0 {
            self.skipped = None;
        }
    }

    /// Takes some message out, whichever; `None` when there is none left.
    pub(crate) fn take_any(&mut self) -> Option<Message> {
        while let Some(skipped) = &mut self.skipped {
            let Some(type_id) = skipped.by_type.keys().next().copied() else {
                self.skipped = None;
                break;
            };
            let filed = skipped.by_type.get_mut(&type_id).and_then(VecDeque::pop_front);
            match filed {
                Some(Filed { message: Some(message), .. }) => return Some(message),
                Some(Filed { message: None, .. }) => {}
                None => drop(skipped.by_type.remove(&type_id)),
            }
        }
        self.pop_fresh()
    }

    /// Removes the first message of type `T` for which `wanted` says yes.
    pub(crate) fn take_where<T: Any>(&mut self, wanted: impl Fn(&T) -> bool) -> Option<Message> {
        let matches = |message: &Message| message.downcast_ref::<T>().is_some_and(&wanted);
        let type_id = TypeId::of::<T>();
        if let Some(filed) = self.skipped.as_ref().and_then(|all| all.by_type.get(&type_id)) {
            let index = filed.iter().position(|f| f.message.as_ref().is_some_and(matches));
            if let Some((index, number)) = index.map(|index| (index, filed[index].number)) {
                let place = Place { type_id, index, number };
                let message = self.borrow(place);
                self.remove(place);
                return message;
            }
        }
        self.fresh.take_where(matches)
    }

    fn filed(&mut self, place: Place) -> Option<&mut Filed> {
        let queue = self.skipped.as_mut()?.by_type.get_mut(&place.type_id)?;
        let index = index_of(queue, place)?;
        queue.get_mut(index)
    }
}

/// Where the first message with a number of at least `from` is.
fn first_from(queue: &VecDeque<Filed>, from: u64) -> usize {
    let ahead = queue.front().map_or(0, |first| from.saturating_sub(first.number));
    // Here it is if all between the two are of this type and none was taken, as in a backlog.
    let guess = usize::try_from(ahead).unwrap_or(usize::MAX);
    match queue.get(guess) {
        Some(filed) if filed.number == from || guess == 0 => guess,
        _ => queue.partition_point(|filed| filed.number < from),
    }
}

/// Where the place is now (Q4).
fn index_of(queue: &VecDeque<Filed>, place: Place) -> Option<usize> {
    if queue.get(place.index).is_some_and(|filed| filed.number == place.number) {
        return Some(place.index);
    }
    queue.binary_search_by_key(&place.number, |filed| filed.number).ok()
}

/// A `TypeId` is a hash already.
#[derive(Debug, Default)]
pub(crate) struct TypeIdHasher(u64);

impl Hasher for TypeIdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(all(test, not(kerosene_loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_found_whether_or_not_messages_are_missing() {
        for step in 1..4 {
            let numbers = (0..40_u64).filter(|n| n % 7 != 3).map(|n| 5 + n * step);
            let queue: VecDeque<Filed> =
                numbers.map(|number| Filed { number, message: None }).collect();
            for from in 0..200 {
                let found = first_from(&queue, from);
                assert!(queue.iter().take(found).all(|filed| filed.number < from), "{from}");
                assert!(queue.iter().skip(found).all(|filed| filed.number >= from), "{from}");
            }
        }
        assert_eq!(first_from(&VecDeque::new(), 7), 0);
    }
}

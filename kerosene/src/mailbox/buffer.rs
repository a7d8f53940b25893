//! Signals in order: what both queues of a mailbox are made of.

use std::mem::{self, ManuallyDrop};

use thin_vec::ThinVec;

use crate::signal::Signal;
use crate::term::Message;

/// The capacity of a new buffer. Most processes have one message at a time.
const FIRST_CAPACITY: usize = 1;

/// The capacity of a buffer with more than one.
const NEXT_CAPACITY: usize = 8;

/// Up to this capacity a buffer is small.
const SMALL_CAPACITY: usize = 4;

/// Signals in order.
///
/// One word while it is empty, and length and capacity lie beside the signals: a process has two of
/// these, and mostly both are empty. A signal can be taken out of its place; what stands there
/// then holds nothing, and the places go all at once, without being looked at again: that is why
/// they are `ManuallyDrop`.
#[derive(Debug, Default)]
pub(crate) struct Buffer(ThinVec<ManuallyDrop<Signal>>);

impl Buffer {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// Whether it has room for as much as most processes have at a time, and nothing in it.
    #[inline]
    pub(super) fn is_first_and_empty(&self) -> bool {
        self.0.capacity() == FIRST_CAPACITY && self.0.is_empty()
    }

    /// Whether it is kept however few signals come.
    #[inline]
    pub(super) fn is_small(&self) -> bool {
        self.0.capacity() <= SMALL_CAPACITY
    }

    #[inline]
    pub(super) fn push(&mut self, signal: Signal) {
        self.make_room();
        self.0.push(ManuallyDrop::new(signal));
    }

    /// Whether there is room for one more, without asking for memory.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        self.0.len() < self.0.capacity()
    }

    #[inline]
    pub(super) fn make_room(&mut self) {
        if !self.has_room() {
            self.grow();
        }
    }

    /// Adds a signal; there must be room. As that is asked before, and nothing else can happen,
    /// what is in the signal need not be at hand for a call that asks for memory.
    #[inline]
    pub(super) fn push_into_room(&mut self, signal: Signal) {
        let len = self.0.len();
        assert!(len < self.0.capacity(), "room was made");
        // `ThinVec::push` is a call, or not, as the compiler finds the rest of the program.
        // SAFETY: the place is within the capacity, and nothing is in it.
        unsafe { self.0.as_mut_ptr().add(len).write(ManuallyDrop::new(signal)) };
        // SAFETY: the new place was just written, and is within the capacity.
        unsafe { self.0.set_len(len + 1) };
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let len = self.0.len();
        if len == 0 || len >= NEXT_CAPACITY {
            self.0.reserve_exact(len.max(FIRST_CAPACITY));
        } else {
            // Allocators are quicker at this than at making something small larger.
            let mut larger = ThinVec::with_capacity(NEXT_CAPACITY);
            larger.append(&mut self.0);
            self.0 = larger;
        }
    }

    /// Moves the message out of a place into `empty`, if there is one.
    #[inline]
    pub(super) fn take_into(&mut self, index: usize, empty: &mut Message) -> bool {
        match self.0.get_mut(index).map(|place| &mut **place) {
            Some(Signal::Message(message)) => {
                message.move_to(empty);
                true
            }
            Some(Signal::Control(_)) | None => false,
        }
    }

    /// Removes a place, and takes what is in it.
    pub(super) fn remove(&mut self, index: usize) -> Signal {
        ManuallyDrop::into_inner(self.0.remove(index))
    }

    /// Removes places from which everything was taken.
    pub(super) fn remove_taken(&mut self, count: usize) {
        self.0.drain(..count);
    }

    /// Removes all places; everything was taken.
    #[inline]
    pub(super) fn remove_all_taken(&mut self) {
        self.0.clear();
    }

    pub(super) fn append(&mut self, other: &mut Self) {
        self.0.append(&mut other.0);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Signal> {
        self.0.iter().map(|signal| &**signal)
    }
}

impl IntoIterator for Buffer {
    type Item = Signal;
    type IntoIter = Signals;

    fn into_iter(mut self) -> Signals {
        Signals(mem::take(&mut self.0).into_iter())
    }
}

/// The signals of a buffer, one after the other.
#[derive(Debug)]
pub(crate) struct Signals(thin_vec::IntoIter<ManuallyDrop<Signal>>);

impl Iterator for Signals {
    type Item = Signal;

    fn next(&mut self) -> Option<Signal> {
        self.0.next().map(ManuallyDrop::into_inner)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.for_each(drop);
    }
}

impl Drop for Buffer {
    #[inline]
    fn drop(&mut self) {
        if !self.0.is_empty() {
            drop(Signals(mem::take(&mut self.0).into_iter()));
        }
    }
}

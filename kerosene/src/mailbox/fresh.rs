//! Messages received and never looked at, in order.
//!
//! ```text
//!   queue  │ taken │ taken │ message │ message │ ...
//!                            ▲ taken = 2
//! ```
//!
//! - F1: the places before `taken` hold nothing, those from it on hold messages; when all are taken
//!   the queue is empty and `taken` is 0.

use std::mem;

use super::buffer::Buffer;
use crate::signal::Signal;
use crate::term::Message;

/// The messages that no receive has looked at.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    queue: Buffer,
    taken: u32,
    /// How many places there were when all were taken last.
    burst: u32,
}

impl Fresh {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.queue.len() - self.taken as usize
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Adds what arrived behind what is there. What is in the buffer are messages.
    pub(super) fn append(&mut self, mut arrived: Buffer) {
        if self.is_empty() {
            self.queue = arrived;
            return;
        }
        self.close_the_gap(self.queue.len() / 2);
        self.queue.append(&mut arrived);
    }

    pub(super) fn push(&mut self, message: Message) {
        self.queue.push(Signal::Message(message));
    }

    /// Changes places with a buffer of messages, if nothing is in the way.
    #[inline]
    pub(super) fn swap(&mut self, buffer: &mut Buffer) -> bool {
        let is_empty = self.is_empty();
        if is_empty {
            mem::swap(&mut self.queue, buffer);
        }
        is_empty
    }

    /// The buffer, if it is empty: to be kept elsewhere, or freed.
    #[inline]
    pub(super) fn spare(&mut self) -> Option<&mut Buffer> {
        (self.queue.capacity() > 0 && self.is_empty()).then_some(&mut self.queue)
    }

    /// How many messages came at once at last.
    #[inline]
    pub(super) fn burst(&self) -> usize {
        self.burst as usize
    }

    /// Takes the oldest message.
    pub(super) fn pop(&mut self) -> Option<Message> {
        let mut message = Message::new(());
        self.pop_into(&mut message).then_some(message)
    }

    /// Moves the oldest message into `empty`. Returns whether there was one.
    #[inline]
    pub(super) fn pop_into(&mut self, empty: &mut Message) -> bool {
        if !self.queue.take_into(self.taken as usize, empty) {
            return false;
        }
        self.taken += 1;
        self.reset_if_all_are_taken();
        if self.taken == u32::MAX {
            self.close_the_gap(0);
        }
        true
    }

    /// Takes the first message that is wanted, from wherever it is.
    pub(super) fn take_where(&mut self, wanted: impl Fn(&Message) -> bool) -> Option<Message> {
        let is_wanted = |signal: &Signal| matches!(signal, Signal::Message(m) if wanted(m));
        let index = self.queue.iter().skip(self.taken as usize).position(is_wanted)?;
        let signal = self.queue.remove(self.taken as usize + index);
        self.reset_if_all_are_taken();
        match signal {
            Signal::Message(message) => Some(message),
            Signal::Control(_) => None,
        }
    }

    #[inline]
    fn reset_if_all_are_taken(&mut self) {
        if self.taken as usize == self.queue.len() {
            self.burst = mem::take(&mut self.taken);
            self.queue.remove_all_taken();
        }
    }

    /// Removes the places that are taken, if they are more than `limit`. With half of all for a
    /// limit each message is moved once on average at most.
    #[cold]
    fn close_the_gap(&mut self, limit: usize) {
        if self.taken as usize > limit {
            self.queue.remove_taken(self.taken as usize);
            self.taken = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(numbers: std::ops::Range<u32>) -> Buffer {
        let mut buffer = Buffer::default();
        numbers.for_each(|n| buffer.push(Signal::Message(Message::new(n))));
        buffer
    }

    fn pop(fresh: &mut Fresh) -> Option<u32> {
        fresh.pop().map(|message| message.downcast().expect("a number"))
    }

    #[test]
    fn order_is_kept_however_messages_come_and_go() {
        let mut fresh = Fresh::default();
        fresh.append(buffer(0..5));
        for n in 0..3 {
            assert_eq!(pop(&mut fresh), Some(n));
        }
        fresh.append(buffer(5..7));
        assert_eq!(fresh.len(), 4);
        assert!(!fresh.swap(&mut buffer(100..101)), "something is in the way");
        let five = fresh.take_where(|m| m.downcast_ref() == Some(&5_u32));
        assert_eq!(five.and_then(|m| m.downcast::<u32>().ok()), Some(5));
        let rest: Vec<_> = std::iter::from_fn(|| pop(&mut fresh)).collect();
        assert_eq!(rest, [3, 4, 6]);
        assert!(fresh.is_empty());
        assert!(fresh.spare().is_some());
    }

    #[test]
    fn what_is_taken_is_never_found_again() {
        let mut fresh = Fresh::default();
        fresh.append(buffer(0..4));
        assert_eq!(pop(&mut fresh), Some(0));
        assert!(fresh.take_where(Message::is::<()>).is_none());
        assert_eq!(fresh.len(), 3);
        for n in 1..4 {
            let is_n = |m: &Message| m.downcast_ref() == Some(&(4_u32 - n));
            assert!(fresh.take_where(is_n).is_some());
        }
        assert!(fresh.is_empty());
    }
}

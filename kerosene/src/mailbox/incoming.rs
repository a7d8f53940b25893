//! The outer queue: signals sent and not yet received.

use std::mem;

use super::buffer::Buffer;
use super::received::Received;
use crate::signal::Signal;
use crate::term::Message;

/// Buffers up to this many signals are kept for the next burst, if the last one was about as large;
/// others go back to the allocator when they are found empty. As many as a sender sends before it
/// gives way, so that a flood does not allocate.
const KEPT_CAPACITY: usize = 256;

/// A buffer is about as large as a burst if it has room for this many times more.
const KEPT_ROOM: usize = 4;

/// The outer queue. Guarded by the lock of its process.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    queue: Buffer,
}

/// Everything that was in the outer queue.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    pub(crate) queue: Buffer,
    /// Some of the signals are not plain messages.
    pub(crate) has_control: bool,
}

impl Incoming {
    #[inline]
    pub(crate) fn push(&mut self, signal: Signal) {
        self.queue.push(signal);
    }

    /// Whether there is room for one more, without asking for memory.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.queue.has_room()
    }

    #[inline]
    pub(crate) fn make_room(&mut self) {
        self.queue.make_room();
    }

    /// Adds a message; there must be room.
    #[inline]
    pub(crate) fn push_into_room(&mut self, message: Message) {
        self.queue.push_into_room(Signal::Message(message));
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Moves everything, which must be messages, to the process, if nothing is in the way: the two
    /// queues change places.
    #[inline]
    #[must_use]
    pub(crate) fn receive_into(&mut self, received: &mut Received) -> bool {
        received.swap_fresh(&mut self.queue)
    }

    /// Takes everything.
    #[cold]
    pub(crate) fn take(&mut self) -> Buffer {
        mem::take(&mut self.queue)
    }

    /// The process ends: takes everything. One small and empty buffer stays, for the next process
    /// here, if this one has left any.
    pub(crate) fn close(&mut self, received: &mut Received) -> Buffer {
        let mut queue = mem::take(&mut self.queue);
        if queue.is_first_and_empty() {
            mem::swap(&mut self.queue, &mut queue);
        } else if let Some(spare) = received.spare()
            && spare.is_first_and_empty()
        {
            mem::swap(&mut self.queue, spare);
        }
        queue
    }

    /// Offers a buffer that has become empty: it is kept if the queue has none, so that a process
    /// at rest owns one buffer. Otherwise it is for the caller to free, outside the lock.
    #[inline]
    pub(super) fn keep_buffer(&mut self, spare: &mut Buffer) {
        if self.has_no_buffer() {
            mem::swap(&mut self.queue, spare);
        }
    }

    #[inline]
    pub(super) fn has_no_buffer(&self) -> bool {
        self.queue.capacity() == 0
    }

    /// Whether its buffer, if it has one, is not worth a thought.
    #[inline]
    pub(super) fn has_small_buffer(&self) -> bool {
        self.queue.is_small()
    }

    /// Whether the queue has a buffer that is much larger than the last `burst` of messages.
    pub(super) fn is_too_large(&self, burst: usize) -> bool {
        !self.queue.is_small()
            && self.queue.capacity() > KEPT_CAPACITY.min(burst.saturating_mul(KEPT_ROOM))
            && self.queue.is_empty()
    }

    /// Gives it up.
    #[cold]
    pub(super) fn take_buffer(&mut self) -> Buffer {
        mem::take(&mut self.queue)
    }
}

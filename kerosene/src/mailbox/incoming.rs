//! The outer queue: signals sent and not yet received.

use std::mem;

use super::buffer::Buffer;
use super::received::Received;
use crate::signal::Signal;
use crate::term::Message;

/// Buffers up to this many signals are kept for the next burst; larger ones go back to the
/// allocator when they are found empty.
const KEPT_CAPACITY: usize = 16;

/// The outer queue. Guarded by the lock of its process.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    queue: Buffer,
    /// Some of the signals are not plain messages.
    has_control: bool,
}

/// Everything that was in the outer queue.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    pub(crate) queue: Buffer,
    pub(crate) has_control: bool,
}

impl Incoming {
    #[inline]
    pub(crate) fn push(&mut self, signal: Signal) {
        self.has_control |= matches!(signal, Signal::Control(_));
        self.queue.push(signal);
    }

    /// Adds a message that is filled in at once, in its place.
    #[inline]
    pub(crate) fn push_empty(&mut self) {
        self.queue.push_empty();
    }

    /// The message that was added last.
    #[inline]
    pub(crate) fn last_mut(&mut self) -> &mut Message {
        self.queue.last_mut().expect("a message was just added")
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    #[inline]
    pub(crate) fn has_control(&self) -> bool {
        self.has_control
    }

    /// Moves everything to the process, where nothing is in the way: the two queues change places.
    /// Otherwise the caller has to go through it signal by signal.
    #[inline]
    #[must_use]
    pub(crate) fn receive_into(&mut self, received: &mut Received) -> bool {
        !self.has_control && received.swap_fresh(&mut self.queue)
    }

    /// Takes everything.
    #[cold]
    pub(crate) fn take(&mut self) -> Arrived {
        let has_control = mem::take(&mut self.has_control);
        Arrived { queue: mem::take(&mut self.queue), has_control }
    }

    /// Offers a buffer that has become empty: it is kept if the queue has none, so that a process
    /// at rest owns one buffer, and a small one. Otherwise it is for the caller to free, outside
    /// the lock.
    #[inline]
    pub(super) fn keep_buffer(&mut self, spare: &mut Buffer) {
        if self.queue.capacity() == 0 && spare.capacity() <= KEPT_CAPACITY {
            mem::swap(&mut self.queue, spare);
        }
    }
}

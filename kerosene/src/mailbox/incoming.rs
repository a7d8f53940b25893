//! The outer queue: signals sent and not yet received.

use std::collections::VecDeque;
use std::mem;

use super::received::Received;
use crate::signal::Signal;

/// Buffers up to this many signals are kept for the next burst; larger ones go back to the
/// allocator when they are found empty.
const KEPT_CAPACITY: usize = 16;

/// The outer queue. Guarded by the lock of its process.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    queue: VecDeque<Signal>,
    /// How many of the signals are not plain messages.
    controls: usize,
}

/// Everything that was in the outer queue.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    pub(crate) queue: VecDeque<Signal>,
    pub(crate) has_control: bool,
}

impl Incoming {
    #[inline]
    pub(crate) fn push(&mut self, signal: Signal) {
        self.controls += usize::from(matches!(signal, Signal::Control(_)));
        self.queue.push_back(signal);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(crate) fn has_control(&self) -> bool {
        self.controls > 0
    }

    /// Moves everything to the process. Where nothing is in the way, the two queues change places;
    /// otherwise the caller gets what arrived, and goes through it signal by signal.
    #[inline]
    pub(crate) fn receive_into(&mut self, received: &mut Received) -> Option<Arrived> {
        if self.controls == 0 && received.swap_fresh(&mut self.queue) {
            return None;
        }
        Some(self.take())
    }

    /// Takes everything.
    #[cold]
    pub(crate) fn take(&mut self) -> Arrived {
        let has_control = mem::take(&mut self.controls) > 0;
        Arrived { queue: mem::take(&mut self.queue), has_control }
    }

    /// Offers a buffer that has become empty: it is kept if the queue has none, so that a process
    /// at rest owns one buffer, and a small one. Otherwise it is for the caller to free, outside
    /// the lock.
    #[inline]
    pub(super) fn keep_buffer(&mut self, spare: &mut VecDeque<Signal>) {
        if self.queue.capacity() == 0 && spare.capacity() <= KEPT_CAPACITY {
            mem::swap(&mut self.queue, spare);
        }
    }
}

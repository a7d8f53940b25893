//! The outer queue: signals sent and not yet received.

use std::collections::VecDeque;
use std::mem;

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
    pub(crate) fn push(&mut self, signal: Signal) {
        self.controls += usize::from(matches!(signal, Signal::Control(_)));
        self.queue.push_back(signal);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn has_control(&self) -> bool {
        self.controls > 0
    }

    /// Takes everything, and keeps `spare`, an empty buffer, to be filled next.
    pub(crate) fn take(&mut self, spare: VecDeque<Signal>) -> Arrived {
        debug_assert!(spare.is_empty(), "a spare buffer is empty");
        let has_control = mem::take(&mut self.controls) > 0;
        Arrived { queue: mem::replace(&mut self.queue, spare), has_control }
    }

    /// Offers a buffer that has become empty: it is kept if the queue has none, so that a process
    /// at rest owns one buffer, and a small one. Returns what is to be freed, outside the lock.
    #[must_use]
    pub(crate) fn give_back(&mut self, spare: VecDeque<Signal>) -> Option<VecDeque<Signal>> {
        if self.queue.capacity() == 0 && spare.capacity() <= KEPT_CAPACITY {
            self.queue = spare;
            return None;
        }
        Some(spare)
    }
}

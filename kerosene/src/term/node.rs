//! Which node the code on this thread belongs to.
//!
//! Node 0 is this OS process. A simulated run is a node of its own: its process table, its names
//! and its references are private, so that tests running side by side cannot see each other, and
//! one seed always gives the same pids. The number of a simulated node has the top bit set and
//! differs from run to run; it is therefore never shown: such pids and references print node 0.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// This OS process, outside simulations.
pub(crate) const HERE: u64 = 0;

/// Set in the number of every simulated node. Clustering will count real nodes from 1 up.
const SIMULATED: u64 = 1 << 63;

/// How many references a thread draws from the shared counter at once, so that `make_ref` touches
/// a shared cache line once in a while only.
const REFERENCE_BLOCK: u64 = 1024;

static NEXT_REFERENCE: AtomicU64 = AtomicU64::new(1);
static NEXT_SIMULATION: AtomicU64 = AtomicU64::new(SIMULATED);

thread_local! {
    static NODE: Cell<u64> = const { Cell::new(HERE) };
    /// The next reference of this thread, and the end of its block.
    static REFERENCES: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// A number for a new simulated node, never used before.
pub(crate) fn new_simulation() -> u64 {
    // Relaxed: only uniqueness matters, nothing is published with the number.
    NEXT_SIMULATION.fetch_add(1, Ordering::Relaxed)
}

/// The node of the code on this thread.
#[inline]
pub(crate) fn current() -> u64 {
    NODE.get()
}

/// The number under which a node is shown.
pub(crate) fn shown(node: u64) -> u64 {
    if node & SIMULATED == 0 { node } else { HERE }
}

/// A number no reference of this node has had.
pub(crate) fn next_reference() -> u64 {
    let (next, end) = REFERENCES.get();
    if next < end {
        REFERENCES.set((next + 1, end));
        return next;
    }
    // Relaxed: only uniqueness matters, nothing is published with the number.
    let start = NEXT_REFERENCE.fetch_add(REFERENCE_BLOCK, Ordering::Relaxed);
    REFERENCES.set((start + 1, start + REFERENCE_BLOCK));
    start
}

/// Makes this thread part of a simulated node until the guard is dropped.
pub(crate) fn enter_simulation(node: u64) -> Entered {
    let entered = Entered { node: NODE.get(), references: REFERENCES.get() };
    NODE.set(node);
    REFERENCES.set((1, u64::MAX));
    entered
}

/// Restores the thread's own node when dropped.
#[derive(Debug)]
pub(crate) struct Entered {
    node: u64,
    references: (u64, u64),
}

impl Drop for Entered {
    fn drop(&mut self) {
        NODE.set(self.node);
        REFERENCES.set(self.references);
    }
}

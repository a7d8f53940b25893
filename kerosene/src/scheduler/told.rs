//! Who has been told to shut down, of the processes of a runtime that stops.
//!
//! It grows while the runtime stops: see [`stop`](super::stop). Who spawns a process looks here
//! whether the new one is among those who have been told already.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::process::Shared;

/// Who has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Told {
    Nobody,
    /// All who are not below a process that stops its children.
    Top,
    All,
}

impl Told {
    /// Whether a process is one of them.
    pub(super) fn includes(self, process: &Shared) -> bool {
        match self {
            Self::Nobody => false,
            Self::Top => !process.is_below,
            Self::All => true,
        }
    }
}

/// The same, for all threads to see.
#[derive(Debug, Default)]
pub(super) struct AtomicTold(AtomicU8);

impl AtomicTold {
    pub(super) fn set(&self, told: Told) {
        // Release pairs with the acquire load in `get`.
        self.0.store(told as u8, Ordering::Release);
    }

    pub(super) fn get(&self) -> Told {
        // Acquire pairs with the release store in `set`.
        match self.0.load(Ordering::Acquire) {
            0 => Told::Nobody,
            1 => Told::Top,
            _ => Told::All,
        }
    }
}

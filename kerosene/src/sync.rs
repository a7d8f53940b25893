//! The primitives that the hand-written protocols stand on: `std`'s, or loom's under `cfg(loom)`.
//!
//! Only the files whose protocol has a loom model import from here: the slot of a process, the idle
//! protocol of the schedulers, and the sleep for timers. The first shares the [`lock`] with the
//! timers of a scheduler. The cfg is named `kerosene_loom` because tokio gives `loom` a meaning of
//! its own.

pub(crate) mod lock;

#[cfg(kerosene_loom)]
pub(crate) use loom::{
    cell::UnsafeCell,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence},
    },
};

#[cfg(not(kerosene_loom))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence},
};

/// `std`'s cell with the interface of loom's, which checks every access for a race.
#[cfg(not(kerosene_loom))]
#[derive(Debug)]
pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(kerosene_loom))]
impl<T> UnsafeCell<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    /// Calls `f` with a pointer to the value; the caller answers for exclusive access.
    #[inline]
    pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }

    /// A pointer to the value, as `with_mut` gives it.
    #[inline]
    pub(crate) const fn get(&self) -> *mut T {
        self.0.get()
    }
}

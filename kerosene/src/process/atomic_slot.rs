//! A place for a slot, between a scheduler and those who look what it does.
//!
//! One thread, the scheduler's, puts slots in; the watchdog takes out what is stuck. The scheduler
//! looks and then writes, which saves it an exchange at each turn and each wake. So nothing gets
//! lost, but a slot may be had by two: see T1 of [`state`](super::state) for what becomes of the
//! second entry.

use std::sync::atomic::{AtomicPtr, Ordering};

use super::slot::Slot;

/// A place for one slot, or none, that threads exchange.
#[derive(Debug, Default)]
pub(crate) struct AtomicSlot(AtomicPtr<Slot>);

impl AtomicSlot {
    /// Puts a slot in, and takes out what was there.
    #[inline]
    pub(crate) fn replace(&self, slot: Option<&'static Slot>) -> Option<&'static Slot> {
        let new = slot.map_or(std::ptr::null_mut(), |slot| std::ptr::from_ref(slot).cast_mut());
        // AcqRel: pairs with itself; what was done before a slot was put in is seen by who takes
        // it.
        let old = self.0.swap(new, Ordering::AcqRel);
        // SAFETY: only addresses of `&'static Slot`s are ever stored, and null.
        unsafe { old.as_ref() }
    }

    /// Takes out what is there; only for the one thread that puts slots in.
    ///
    /// It looks and then writes, and so costs no exchange. Who calls `replace` in between gets the
    /// same slot: see T1 for what becomes of the second entry.
    #[inline]
    pub(crate) fn take_loosely(&self) -> Option<&'static Slot> {
        let slot = self.get()?;
        self.set(None);
        Some(slot)
    }

    /// Puts a slot in, and takes out what was there; only for the one thread that puts slots in.
    ///
    /// As `take_loosely` does, it looks and then writes: no slot gets lost, but one may be had by
    /// two.
    #[inline]
    pub(crate) fn replace_loosely(&self, slot: &'static Slot) -> Option<&'static Slot> {
        let before = self.get();
        self.set(Some(slot));
        before
    }

    /// Looks without taking.
    #[inline]
    pub(crate) fn get(&self) -> Option<&'static Slot> {
        // Acquire pairs with the swap in `replace` and the store in `set`.
        let slot = self.0.load(Ordering::Acquire);
        // SAFETY: as in `replace`.
        unsafe { slot.as_ref() }
    }

    /// Puts a slot in without looking what was there.
    #[inline]
    pub(crate) fn set(&self, slot: Option<&'static Slot>) {
        let new = slot.map_or(std::ptr::null_mut(), |slot| std::ptr::from_ref(slot).cast_mut());
        // Release pairs with the loads in `get` and `replace`.
        self.0.store(new, Ordering::Release);
    }
}

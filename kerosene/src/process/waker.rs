//! The waker of a process: the address of its slot.
//!
//! Slots are never freed, so the address stays valid for ever, and a waker needs no count: cloning
//! copies a pointer, dropping does nothing. A waker that outlives its process may wake the next
//! tenant of the slot, which costs that one a poll for nothing.

use std::mem::ManuallyDrop;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::current::current;
use super::slot::Slot;

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop_nothing);

/// The waker of whoever is in the slot. It need not be dropped.
#[inline]
pub(super) fn waker(slot: &'static Slot) -> ManuallyDrop<Waker> {
    // SAFETY: the functions of `VTABLE` keep the contract of `RawWaker`: they are thread-safe, and
    // take the pointer for what it is, a `&'static Slot`.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw(std::ptr::from_ref(slot).cast())) })
}

/// Whether `waker` is the waker of the slot, and not that of some combinator around it.
#[inline]
pub(crate) fn is_waker_of(waker: &Waker, slot: &'static Slot) -> bool {
    waker.data() == std::ptr::from_ref(slot).cast()
        && std::ptr::eq(waker.vtable(), &raw const VTABLE)
}

/// Whether waking `waker` wakes the running process as a whole.
#[inline]
pub(crate) fn is_woken_as_whole(waker: &Waker) -> bool {
    current().is_some_and(|current| is_waker_of(waker, current.slot()))
}

const fn raw(slot: *const ()) -> RawWaker {
    RawWaker::new(slot, &VTABLE)
}

fn clone(slot: *const ()) -> RawWaker {
    raw(slot)
}

fn wake(slot: *const ()) {
    // SAFETY: the pointer was made from a `&'static Slot` in `waker`, and slots are never freed.
    let slot: &'static Slot = unsafe { &*slot.cast::<Slot>() };
    slot.wake();
}

fn drop_nothing(_: *const ()) {}

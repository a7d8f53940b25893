//! Memory for bodies.
//!
//! A process that ends mostly makes room for one like it, on the same thread. So the memory of a
//! small body is kept, in lists by size, and the next body of its size takes it from there: a few
//! instructions, where the allocator takes some two hundred for the pair.
//!
//! ```text
//!   of one thread:   40 ──▶ block ──▶ block        each block begins with
//!                    48                            the address of the next
//!                    56 ──▶ block
//!                    ...
//! ```
//!
//! - M1: a block in the list of a class was allocated with the layout of the class, and nobody else
//!   has its address.
//! - M2: which class a layout has depends on the layout alone. So what was allocated for one comes
//!   back to the same class, on whatever thread.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::NonNull;

/// A class is a multiple of this, which is also what blocks are aligned to: as the header of a body
/// is, so that nothing is rounded up.
const GRAIN: usize = 8;

/// Classes of sizes: what is larger than 512 bytes is for the allocator.
const CLASSES: usize = 64;

/// A thread keeps no more than this.
const KEPT_BYTES_MAX: usize = 256 * 1024;

thread_local! {
    static SPARE: Spare = const { Spare::new() };
}

/// The blocks that a thread has kept.
struct Spare {
    lists: [Cell<Option<NonNull<Block>>>; CLASSES],
    bytes: Cell<usize>,
}

/// A block that nobody uses.
struct Block {
    next: Option<NonNull<Block>>,
}

/// Memory of this layout.
#[inline]
pub(super) fn allocate(layout: Layout) -> NonNull<u8> {
    let Some(class) = class_of(layout) else {
        return allocate_new(layout);
    };
    let kept = SPARE.try_with(|spare| spare.pop(class)).ok().flatten();
    kept.unwrap_or_else(|| allocate_new(layout_of(class)))
}

/// Gives memory back.
///
/// # Safety
///
/// It was allocated by [`allocate`] with this layout, and is not used again.
#[inline]
pub(super) unsafe fn release(memory: NonNull<u8>, layout: Layout) {
    let Some(class) = class_of(layout) else {
        // SAFETY: by contract; such a layout is passed on as it is.
        return unsafe { dealloc(memory.as_ptr(), layout) };
    };
    // SAFETY: by contract, the memory has the layout of this class (M2), and is nobody's.
    let is_kept = SPARE.try_with(|spare| unsafe { spare.push(class, memory) }) == Ok(true);
    if !is_kept {
        // SAFETY: as above, and it is in no list.
        unsafe { dealloc(memory.as_ptr(), layout_of(class)) };
    }
}

#[inline]
const fn class_of(layout: Layout) -> Option<usize> {
    let class = layout.size().div_ceil(GRAIN);
    if layout.align() <= GRAIN && 0 < class && class <= CLASSES { Some(class) } else { None }
}

const fn size_of_class(class: usize) -> usize {
    class * GRAIN
}

const fn layout_of(class: usize) -> Layout {
    match Layout::from_size_align(size_of_class(class), GRAIN) {
        Ok(layout) => layout,
        Err(_) => panic!("a class is small"),
    }
}

#[cold]
#[inline(never)]
fn allocate_new(layout: Layout) -> NonNull<u8> {
    // SAFETY: no layout here has the size 0: a class has not, and a body begins with a header.
    let memory = unsafe { alloc(layout) };
    NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout))
}

impl Spare {
    const fn new() -> Self {
        Self { lists: [const { Cell::new(None) }; CLASSES], bytes: Cell::new(0) }
    }

    #[inline]
    fn pop(&self, class: usize) -> Option<NonNull<u8>> {
        let list = &self.lists[class - 1];
        let block = list.get()?;
        // SAFETY: a block in a list is nobody else's (M1), and was written by `push`.
        list.set(unsafe { block.as_ref().next });
        self.bytes.set(self.bytes.get() - size_of_class(class));
        Some(block.cast())
    }

    /// Keeps a block, if there is room for it.
    ///
    /// # Safety
    ///
    /// The memory has the layout of this class, and nobody uses it.
    #[inline]
    unsafe fn push(&self, class: usize, memory: NonNull<u8>) -> bool {
        let bytes = self.bytes.get() + size_of_class(class);
        if bytes > KEPT_BYTES_MAX {
            return false;
        }
        self.bytes.set(bytes);
        let list = &self.lists[class - 1];
        let block = memory.cast::<Block>();
        // SAFETY: by contract; the layout of each class has room for a `Block`, and its alignment.
        unsafe { block.write(Block { next: list.get() }) };
        list.set(Some(block));
        true
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        for class in 1..=CLASSES {
            while let Some(memory) = self.pop(class) {
                // SAFETY: it has the layout of its class, and is out of the list (M1).
                unsafe { dealloc(memory.as_ptr(), layout_of(class)) };
            }
        }
    }
}

#[cfg(all(test, not(kerosene_loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_back_last_is_used_next() {
        let layouts = [33, 40, 512, 513].map(|size| Layout::from_size_align(size, 8));
        let layouts = layouts.map(|layout| layout.expect("it is small"));
        let pairs = layouts.map(|layout| [allocate(layout), allocate(layout)]);
        for (layout, pair) in layouts.into_iter().zip(pairs) {
            for memory in pair {
                // SAFETY: allocated above with this layout.
                unsafe { release(memory, layout) };
            }
        }
        // Of one class, so both lists are one.
        let again = [allocate(layouts[0]), allocate(layouts[1])];
        assert_eq!(again, [pairs[1][1], pairs[1][0]]);
        for (layout, memory) in layouts.into_iter().zip(again) {
            // SAFETY: as above.
            unsafe { release(memory, layout) };
        }
    }

    #[test]
    fn a_thread_keeps_so_much_and_no_more() {
        let layout = Layout::from_size_align(512, 8).expect("it is small");
        let count = KEPT_BYTES_MAX / 512 + 10;
        let all: Vec<_> = (0..count).map(|_| allocate(layout)).collect();
        for memory in all {
            // SAFETY: allocated above with this layout.
            unsafe { release(memory, layout) };
        }
        assert!(SPARE.with(|spare| spare.bytes.get()) <= KEPT_BYTES_MAX);
    }
}

//! Where the cells of calls come from, and where they rest.
//!
//! ```text
//!   PAGES   [0]──▶ 64 cells   [1]──▶ 128 cells   [2]──▶ 256 cells   ...
//!   index   0 .. 63           64 .. 191          192 .. 447
//! ```
//!
//! There are as many as calls have waited at once, for each thread some more, and they are never
//! freed, so that whoever has an index may look there at any time. A cell at rest is in the stock
//! of a thread, which takes from the common stock when it has none, and gives back to it when it
//! has many: most calls touch nothing that threads share.
//!
//! - H1: a page is allocated once, and stays.
//! - H2: a cell is in one place: with a caller, in the stock of one thread, or in the common stock.

use std::cell::RefCell;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::cell::{Cell, Use, UseId};

/// Cells in the first page; each further page has twice as many as the one before.
const FIRST_PAGE: usize = 64;

/// Enough for all indexes.
const PAGES_MAX: usize = 27;

/// Cells that a thread takes from the common stock, or gives back to it, at once.
const BATCH: usize = 32;

/// A thread that has more cells at rest gives a batch of them back.
const STOCK_MAX: usize = 128;

static PAGES: [OnceLock<Box<[Cell]>>; PAGES_MAX] = [const { OnceLock::new() }; PAGES_MAX];

static COMMON: Mutex<Common> = Mutex::new(Common { returned: Vec::new(), next_new: 0 });

/// What no thread has.
struct Common {
    returned: Vec<Use>,
    /// The first index that was never used.
    next_new: u32,
}

thread_local! {
    static STOCK: RefCell<Stock> = const { RefCell::new(Stock(Vec::new())) };
}

/// Cells at hand for one thread.
struct Stock(Vec<Use>);

impl Drop for Stock {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            common().returned.append(&mut self.0);
        }
    }
}

/// The cell of a use that was begun.
#[inline]
pub(super) fn cell_of(id: UseId) -> &'static Cell {
    let (page, place) = place_of(id.index);
    let page = PAGES[page].get().expect("invariant H1: a use is of a cell");
    &page[place]
}

/// A cell that nobody uses.
#[inline]
pub(super) fn take() -> Use {
    let at_hand = STOCK.try_with(|stock| stock.borrow_mut().0.pop()).ok().flatten();
    at_hand.unwrap_or_else(take_common)
}

/// Lets a cell rest until somebody calls.
#[inline]
pub(super) fn give_back(unused: Use) {
    let mut homeless = Some(unused);
    let _ = STOCK.try_with(|stock| {
        let stock = &mut stock.borrow_mut().0;
        stock.extend(homeless.take());
        if stock.len() > STOCK_MAX {
            common().returned.extend(stock.drain(STOCK_MAX - BATCH..));
        }
    });
    // While the thread ends, it has no stock any more.
    if homeless.is_some() {
        common().returned.extend(homeless);
    }
}

/// The page of an index, and the place in it.
#[inline]
fn place_of(index: u32) -> (usize, usize) {
    let shifted = index as usize + FIRST_PAGE;
    let page = (shifted.ilog2() - FIRST_PAGE.ilog2()) as usize;
    (page, shifted - (FIRST_PAGE << page))
}

#[cold]
#[inline(never)]
fn take_common() -> Use {
    let mut common = common();
    let mut batch: Vec<Use> = (0..BATCH).map(|_| common.take()).collect();
    drop(common);
    let first = batch.pop().expect("invariant H2: a batch was just taken");
    batch.into_iter().for_each(give_back);
    first
}

impl Common {
    fn take(&mut self) -> Use {
        if let Some(at_rest) = self.returned.pop() {
            return at_rest;
        }
        let index = self.next_new;
        assert!(index < u32::MAX, "system limit: 4 thousand million calls at once");
        self.next_new += 1;
        let (page, place) = place_of(index);
        let new_page = || std::iter::repeat_with(Cell::default).take(FIRST_PAGE << page).collect();
        PAGES[page].get_or_init(new_page)[place].first_use(index)
    }
}

fn common() -> MutexGuard<'static, Common> {
    // Nothing panics under the lock but the system limit, which leaves it as it was.
    COMMON.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, not(kerosene_loom)))]
mod tests {
    use super::*;

    #[test]
    fn each_index_has_a_place_of_its_own() {
        let mut expected = (0, 0);
        for index in 0..100_000 {
            assert_eq!(place_of(index), expected, "{index}");
            expected.1 += 1;
            if expected.1 == FIRST_PAGE << expected.0 {
                expected = (expected.0 + 1, 0);
            }
        }
        assert!(place_of(u32::MAX).0 < PAGES_MAX);
    }

    #[test]
    fn uses_at_the_same_time_are_of_different_cells() {
        let uses: Vec<Use> = (0..1000).map(|_| take()).collect();
        let mut indexes: Vec<u32> = uses.iter().map(|held| held.id().index).collect();
        indexes.sort_unstable();
        indexes.dedup();
        assert_eq!(indexes.len(), 1000);
        for held in uses {
            assert!(held.close().is_none(), "it was just taken, and nobody has answered");
        }
    }
}

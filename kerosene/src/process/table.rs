//! How a pid finds its slot.
//!
//! A table is an array of pages, a page an array of slots. Pages are allocated when needed and
//! never freed, so that a pid, a waker or a late sender may look at a slot at any time: it is found
//! by two loads, without counting or locking, and the tenant check under the slot's lock (P3) tells
//! whether it is still the process that was meant.
//!
//! - B1: a page pointer goes from null to its page once, and stays.
//! - B2: an index is in exactly one place: in use, in the table's free list, or in the cache of one
//!   thread.
//! - B3: a generation is used once. A slot whose generations are used up is retired.
//!
//! There is one table for this OS process, shared by all its runtimes, and one for each simulated
//! run (see [`node`]), which is used again for a later run under another node number.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::registry::Registry;
use super::slot::Slot;
use crate::term::{Pid, node};

/// Slots in a page: small enough that a simulated run wastes little.
const PAGE_SLOTS: usize = 256;

/// Pages in a table. Together with `PAGE_SLOTS` the bound on processes alive at once: 33 million.
const PAGES: usize = 1 << 17;

/// Indexes that a thread takes from the table, or gives back to it, at once.
const CACHE_BATCH: usize = 64;

/// A thread that holds more free indexes than this gives a batch back.
const CACHE_MAX: usize = 256;

/// The slots and the names of one node.
pub(crate) struct Table {
    node: AtomicU64,
    pages: &'static Pages,
    free: Mutex<Free>,
    pub(crate) registry: Registry,
}

/// Indexes to be used: given back ones first, then new ones.
#[derive(Debug)]
struct Free {
    returned: Vec<u32>,
    /// Index 0 is never used: `<0.0.0>` is nobody.
    next_new: u32,
}

type Pages = [AtomicPtr<Slot>];

/// A static of their own, so that who sends need not ask whether the table was made.
static PAGES_HERE: [AtomicPtr<Slot>; PAGES] = [const { AtomicPtr::new(null_mut()) }; PAGES];

static HERE: LazyLock<Table> = LazyLock::new(|| Table::new(&PAGES_HERE));

/// The simulated nodes that are running, and the tables of those that have ended.
static SIMULATED: LazyLock<Mutex<Simulated>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Simulated {
    running: HashMap<u64, &'static Table>,
    resting: Vec<&'static Table>,
}

thread_local! {
    /// The table of the simulation that this thread runs.
    static SIMULATED_HERE: Cell<Option<&'static Table>> = const { Cell::new(None) };
    static CACHE: RefCell<Cache> = const { RefCell::new(Cache(Vec::new())) };
}

/// Free indexes of the shared table, at hand for one thread.
struct Cache(Vec<u32>);

impl Drop for Cache {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            HERE.return_all(&mut self.0);
        }
    }
}

/// The slot that `pid` is or was in.
#[inline]
pub(crate) fn slot_of(pid: Pid) -> Option<&'static Slot> {
    table_of(pid.node())?.slot(pid.index())
}

/// The same, if that is known without further ado: a process of this node.
#[inline]
pub(super) fn slot_at_hand(pid: Pid) -> Option<&'static Slot> {
    if pid.node() == node::HERE { slot_in(&PAGES_HERE, pid.index()) } else { None }
}

/// The table of a node, if it is one of this OS process.
#[inline]
pub(crate) fn table_of(node: u64) -> Option<&'static Table> {
    if node == node::HERE {
        return Some(&HERE);
    }
    simulated_table(node)
}

#[cold]
fn simulated_table(node: u64) -> Option<&'static Table> {
    let here = SIMULATED_HERE.get().filter(|table| table.node() == node);
    here.or_else(|| lock_simulated().running.get(&node).copied())
}

/// The table of the code on this thread.
pub(crate) fn table_here() -> &'static Table {
    SIMULATED_HERE.get().unwrap_or(&HERE)
}

fn lock_simulated() -> std::sync::MutexGuard<'static, Simulated> {
    SIMULATED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Table {
    fn new(pages: &'static Pages) -> Self {
        Self {
            node: AtomicU64::new(node::HERE),
            pages,
            free: Mutex::new(Free { returned: Vec::new(), next_new: 1 }),
            registry: Registry::default(),
        }
    }

    fn simulated() -> Self {
        Self::new(Box::leak(std::iter::repeat_with(AtomicPtr::default).take(PAGES).collect()))
    }

    pub(crate) fn node(&self) -> u64 {
        // Acquire pairs with the release store in `Simulation::begin`.
        self.node.load(Ordering::Acquire)
    }

    #[inline]
    fn slot(&self, index: u32) -> Option<&'static Slot> {
        slot_in(self.pages, index)
    }

    /// Takes a vacant slot.
    ///
    /// # Panics
    ///
    /// If 33 million processes are alive.
    pub(crate) fn take_slot(&'static self) -> &'static Slot {
        let index = if std::ptr::eq(self, &raw const *HERE) {
            CACHE.try_with(|cache| self.take_cached(&mut cache.borrow_mut().0)).ok()
        } else {
            None
        };
        let index = index.unwrap_or_else(|| self.lock_free().take());
        self.slot(index).unwrap_or_else(|| self.add_page(index))
    }

    fn take_cached(&self, cache: &mut Vec<u32>) -> u32 {
        if let Some(index) = cache.pop() {
            return index;
        }
        let mut free = self.lock_free();
        cache.extend((0..CACHE_BATCH).map(|_| free.take()).rev());
        drop(free);
        cache.pop().expect("invariant B2: a batch was just taken")
    }

    fn add_page(&self, index: u32) -> &Slot {
        // The lock makes one thread allocate the page (B1).
        let free = self.lock_free();
        if self.slot(index).is_none() {
            let page = index as usize / PAGE_SLOTS;
            let first = page * PAGE_SLOTS;
            let slots: Box<[Slot]> = (first..first + PAGE_SLOTS)
                .map(|index| Slot::new(self.first_tenant(u32::try_from(index).unwrap_or(0))))
                .collect();
            let slots = Box::leak(slots).as_mut_ptr();
            // Release pairs with the acquire load in `slot`.
            self.pages[page].store(slots, Ordering::Release);
        }
        drop(free);
        self.slot(index).expect("invariant B1: the page was just added")
    }

    /// Gives a slot back, which has been closed.
    pub(crate) fn give_back(&'static self, slot: &Slot) {
        if slot.is_retired() {
            return;
        }
        let cached = std::ptr::eq(self, &raw const *HERE)
            && CACHE.try_with(|cache| self.give_cached(&mut cache.borrow_mut().0, slot)).is_ok();
        if !cached {
            slot.free_buffer();
            self.lock_free().returned.push(slot.index());
        }
    }

    fn give_cached(&self, cache: &mut Vec<u32>, slot: &Slot) {
        cache.push(slot.index());
        if cache.len() > CACHE_MAX {
            self.return_all(&mut cache.split_off(cache.len() - CACHE_BATCH));
        }
    }

    /// Puts indexes into the free list. What the last tenants have left for the next is freed: it
    /// is kept only with slots that are at hand for a thread.
    fn return_all(&self, indexes: &mut Vec<u32>) {
        for slot in indexes.iter().filter_map(|index| self.slot(*index)) {
            slot.free_buffer();
        }
        self.lock_free().returned.append(indexes);
    }

    fn first_tenant(&self, index: u32) -> Pid {
        Pid::new(self.node(), index, 1)
    }

    /// Every slot of every page, also those that have never been used.
    fn allocated(&self) -> impl Iterator<Item = &Slot> {
        let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        (0..PAGES * PAGE_SLOTS).map_while(move |n| self.slot(index(n)))
    }

    /// Every slot that has been used, vacant ones too.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        let end = self.lock_free().next_new;
        (1..end).filter_map(|index| self.slot(index))
    }

    fn lock_free(&self) -> std::sync::MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[inline]
fn slot_in(pages: &'static Pages, index: u32) -> Option<&'static Slot> {
    let index = index as usize;
    // Acquire pairs with the release store in `add_page`, which publishes the slots.
    let page = pages.get(index / PAGE_SLOTS)?.load(Ordering::Acquire);
    if page.is_null() {
        return None;
    }
    // SAFETY: a page that is not null has `PAGE_SLOTS` slots and lives for ever (B1).
    Some(unsafe { &*page.add(index % PAGE_SLOTS) })
}

impl Free {
    fn take(&mut self) -> u32 {
        if let Some(index) = self.returned.pop() {
            return index;
        }
        let index = self.next_new;
        assert!((index as usize) < PAGES * PAGE_SLOTS, "system limit: 33 million processes");
        self.next_new += 1;
        index
    }
}

/// A table of its own for a simulated run on this thread, until it is dropped.
#[derive(Debug)]
pub(crate) struct Simulation {
    node: u64,
    _entered: node::Entered,
}

impl Simulation {
    /// Begins one, with an empty table whose pids start from the same number every time.
    ///
    /// # Panics
    ///
    /// If this thread runs one already.
    pub(crate) fn begin() -> Self {
        assert!(SIMULATED_HERE.get().is_none(), "a simulation cannot run inside another");
        let node = node::new_simulation();
        let resting = lock_simulated().resting.pop();
        let table = resting.unwrap_or_else(|| Box::leak(Box::new(Table::simulated())));
        // Release pairs with the acquire load in `node`. Pids of the run before have another node
        // number, so whoever still holds one finds nobody.
        table.node.store(node, Ordering::Release);
        for slot in table.allocated() {
            slot.set_next_tenant(table.first_tenant(slot.index()));
        }
        *table.lock_free() = Free { returned: Vec::new(), next_new: 1 };
        lock_simulated().running.insert(node, table);
        SIMULATED_HERE.set(Some(table));
        Self { node, _entered: node::enter_simulation(node) }
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        let table = SIMULATED_HERE.take();
        let mut simulated = lock_simulated();
        simulated.running.remove(&self.node);
        // A table with a process that could not be ended is not used again.
        let at_rest =
            |table: &&Table| table.slots().all(|s| s.with_shared(|s| s.state.is_vacant()));
        simulated.resting.extend(table.filter(at_rest));
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("node", &self.node()).finish_non_exhaustive()
    }
}

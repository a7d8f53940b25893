//! Where timers lie: nodes in pages, named by an index that stays while the node is there.
//!
//! Pages, and no vector that doubles, because a million timers would be copied when it does, by
//! whoever starts one and with all others waiting. A page that has become empty gives its memory
//! back, but for the one that the next node goes into.
//!
//! - Q1: a node is vacant exactly if its number is 0; a vacant one is in the free list of its page.
//! - Q2: a page is in `open`, once, exactly if it has room; one without memory is all room.

use std::ops::{Index, IndexMut};

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// Nodes in a page: 5 KiB of timers.
const PAGE: usize = 64;

/// A timer, as far as its time goes, and what it is for.
#[derive(Default)]
pub(super) struct Node<T> {
    /// In nanoseconds since the epoch.
    pub(super) deadline: u64,
    /// Which no other node has or has had. 0: vacant.
    pub(super) number: u64,
    /// Its neighbours in the slot of the wheel; of a vacant node, the next vacant one.
    pub(super) next: u32,
    pub(super) prev: u32,
    pub(super) value: T,
}

/// The nodes.
pub(super) struct Pool<T> {
    pages: Vec<Page<T>>,
    open: Vec<u32>,
}

struct Page<T> {
    /// All of them, or none while it has no memory.
    nodes: Box<[Node<T>]>,
    /// The first vacant node.
    free: u32,
    used: u32,
}

impl<T: Default> Pool<T> {
    pub(super) fn new() -> Self {
        Self { pages: Vec::new(), open: Vec::new() }
    }

    /// Adds a node, whose value is the default until it is filled; says where it is.
    #[inline]
    pub(super) fn add(&mut self, deadline: u64, number: u64, fill: impl FnOnce(&mut T)) -> u32 {
        debug_assert_ne!(number, 0, "invariant Q1: no node has number 0");
        let at = match self.open.last() {
            Some(at) => *at as usize,
            None => self.open_new(),
        };
        let page = &mut self.pages[at];
        if page.nodes.is_empty() {
            page.furnish(at);
        }
        let index = page.free;
        let node = &mut page.nodes[index as usize % PAGE];
        page.free = node.next;
        (node.deadline, node.number) = (deadline, number);
        fill(&mut node.value);
        page.used += 1;
        if page.free == NONE {
            self.open.pop();
        }
        index
    }

    /// Takes a node out, which is there.
    #[expect(clippy::inline_always, reason = "else a node of 80 bytes is copied at each call")]
    #[inline(always)]
    pub(super) fn take(&mut self, index: u32) -> Node<T> {
        let at = index as usize / PAGE;
        let page = &mut self.pages[at];
        let was_full = page.free == NONE;
        let node = &mut page.nodes[index as usize % PAGE];
        debug_assert_ne!(node.number, 0, "invariant Q1: it was there");
        let Node { deadline, number, next, prev, .. } = *node;
        (node.number, node.next) = (0, page.free);
        let value = std::mem::take(&mut node.value);
        page.free = index;
        page.used -= 1;
        let is_last = self.open.last() == Some(&to_u32(at));
        if was_full {
            self.reopen(at);
        } else if page.used == 0 && !is_last {
            page.nodes = Box::default();
        }
        Node { deadline, number, next, prev, value }
    }

    /// The node at this place, if there is one.
    #[inline]
    pub(super) fn get(&self, index: u32) -> Option<&Node<T>> {
        let index = index as usize;
        let node = self.pages.get(index / PAGE)?.nodes.get(index % PAGE)?;
        (node.number != 0).then_some(node)
    }

    /// A page that was full is the one that the next node goes into.
    #[cold]
    fn reopen(&mut self, at: usize) {
        if let Some(before) = self.open.last()
            && let page = &mut self.pages[*before as usize]
            && page.used == 0
        {
            page.nodes = Box::default();
        }
        self.open.push(to_u32(at));
    }

    #[cold]
    fn open_new(&mut self) -> usize {
        let at = self.pages.len();
        assert!(at < NONE as usize / PAGE, "system limit: 4 billion timers");
        self.pages.push(Page { nodes: Box::default(), free: NONE, used: 0 });
        self.open.push(to_u32(at));
        at
    }

    /// Every node that is there.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.pages.iter().map(|page| page.used as usize).sum()
    }

    /// Pages that have memory.
    #[cfg(test)]
    pub(super) fn pages(&self) -> usize {
        self.pages.iter().filter(|page| !page.nodes.is_empty()).count()
    }
}

impl<T: Default> Page<T> {
    /// Gives memory to a page that has none.
    #[cold]
    fn furnish(&mut self, at: usize) {
        let first = at * PAGE;
        let next = |n: usize| if n + 1 < PAGE { to_u32(first + n + 1) } else { NONE };
        self.nodes = (0..PAGE).map(|n| Node { next: next(n), ..Node::default() }).collect();
        self.free = to_u32(first);
    }
}

impl<T> Index<u32> for Pool<T> {
    type Output = Node<T>;

    #[inline]
    fn index(&self, index: u32) -> &Node<T> {
        &self.pages[index as usize / PAGE].nodes[index as usize % PAGE]
    }
}

impl<T> IndexMut<u32> for Pool<T> {
    #[inline]
    fn index_mut(&mut self, index: u32) -> &mut Node<T> {
        &mut self.pages[index as usize / PAGE].nodes[index as usize % PAGE]
    }
}

#[expect(clippy::cast_possible_truncation, reason = "`open_new` has looked")]
fn to_u32(index: usize) -> u32 {
    index as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_keeps_its_place_while_others_come_and_go() {
        let mut pool = Pool::new();
        let mut there: Vec<(u32, u64)> = Vec::new();
        let mut random = fastrand::Rng::with_seed(1);
        for number in 1..20_000 {
            if random.u32(0..100) < 40 + 20 * u32::from(number % 4000 < 2000) {
                there.push((pool.add(0, number, |value| *value = number), number));
            } else if !there.is_empty() {
                let (index, number) = there.swap_remove(random.usize(..there.len()));
                assert_eq!(pool.take(index).value, number);
                assert!(pool.get(index).is_none());
            }
            assert_eq!(pool.len(), there.len());
        }
        for (index, number) in there {
            assert_eq!(pool.get(index).map(|node| node.value), Some(number));
            assert_eq!(pool.take(index).value, number);
        }
        assert!(pool.get(NONE).is_none());
    }

    #[test]
    fn the_memory_of_a_burst_is_given_back() {
        let mut pool: Pool<u64> = Pool::new();
        for round in 0..3 {
            let burst: Vec<_> =
                (1..=10_000).map(|number| pool.add(0, number, |value| *value = number)).collect();
            assert!(pool.pages() >= 10_000 / PAGE);
            for index in &burst[round..] {
                pool.take(*index);
            }
            assert!(pool.pages() <= 2 + round, "{} pages for {round} nodes", pool.pages());
            for index in &burst[..round] {
                pool.take(*index);
            }
        }
    }

    #[test]
    fn a_node_that_comes_and_goes_allocates_once() {
        let mut pool: Pool<u64> = Pool::new();
        let first = pool.add(0, 1, |_| ());
        let nodes = pool.pages[0].nodes.as_ptr();
        pool.take(first);
        assert_eq!(pool.add(0, 2, |_| ()), first);
        assert_eq!(pool.pages[0].nodes.as_ptr(), nodes);
    }
}

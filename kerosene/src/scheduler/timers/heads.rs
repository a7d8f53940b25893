//! The first timer of each process, by the place of the process in its table.
//!
//! A page of places is made when the first timer is started for a process there, and stays: so a
//! timer allocates nothing for its process, and nothing is hashed. That is four bytes a place,
//! where the process itself takes two hundred, and places are never freed either.

use super::pool::NONE;

/// Places in a page.
const PAGE: usize = 256;

/// The first node of each list.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Empty where no process has had a timer.
    pages: Vec<Box<[u32]>>,
}

impl Heads {
    /// The first node of the process with this index, or `NONE`.
    pub(super) fn get(&self, index: u32) -> u32 {
        let index = index as usize;
        let head = self.pages.get(index / PAGE).and_then(|page| page.get(index % PAGE));
        head.copied().unwrap_or(NONE)
    }

    /// Changes it; returns what it was.
    #[inline]
    pub(super) fn replace(&mut self, index: u32, head: u32) -> u32 {
        let index = index as usize;
        let page = self.pages.get_mut(index / PAGE);
        if let Some(place) = page.and_then(|page| page.get_mut(index % PAGE)) {
            return std::mem::replace(place, head);
        }
        self.add_page(index / PAGE)[index % PAGE] = head;
        NONE
    }

    #[cold]
    fn add_page(&mut self, at: usize) -> &mut [u32] {
        if self.pages.len() <= at {
            self.pages.resize_with(at + 1, Box::default);
        }
        self.pages[at] = vec![NONE; PAGE].into();
        &mut self.pages[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_process_has_a_head_of_its_own() {
        let mut heads = Heads::default();
        let indexes = [1, 0, 255, 256, 257, 1 << 20, 33_000_000];
        for (n, index) in (0..).zip(indexes) {
            assert_eq!(heads.get(index), NONE);
            assert_eq!(heads.replace(index, n), NONE);
        }
        for (n, index) in (0..).zip(indexes) {
            assert_eq!(heads.get(index), n);
            assert_eq!(heads.replace(index, n + 1), n);
            assert_eq!(heads.get(index), n + 1);
        }
        assert_eq!(heads.get(2), NONE, "nobody has said anything of it");
    }
}

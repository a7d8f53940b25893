//! Where a process waits: kept as addresses of constants, and made into text only when asked for.

use std::fmt;
use std::panic::Location;

/// A `receive!` in the source: where it is, and what its arms ask for.
#[derive(Debug)]
pub struct Site {
    file: &'static str,
    line: u32,
    column: u32,
    arms: &'static str,
}

impl Site {
    /// Made by the expansion of `receive!`.
    pub const fn new(file: &'static str, line: u32, column: u32, arms: &'static str) -> Self {
        Self { file, line, column, arms }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}, receive! {{ {} }}", self.file, self.line, self.column, self.arms)
    }
}

/// What a process was last seen waiting for: one word, the address of a constant.
///
/// - S1: the address is null, that of a `Site`, or that of a `Location` plus one. Both are aligned
///   to more than one byte, so that the lowest bit tells them apart.
#[derive(Clone, Copy)]
pub(crate) struct WaitsAt(*const u8);

// SAFETY: what it points to is constant, lives for ever, and is `Sync`.
unsafe impl Send for WaitsAt {}

/// Tells the address of a `Location` from that of a `Site`.
const IS_SLEEP: usize = 1;

const _: () = assert!(align_of::<Site>() > IS_SLEEP && align_of::<Location<'_>>() > IS_SLEEP);

/// Nothing of ours: it has not waited yet, or awaits something foreign.
impl Default for WaitsAt {
    fn default() -> Self {
        Self(std::ptr::null())
    }
}

impl WaitsAt {
    #[inline]
    pub(crate) fn receive(site: &'static Site) -> Self {
        Self(std::ptr::from_ref(site).cast())
    }

    pub(crate) fn sleep(at: &'static Location<'static>) -> Self {
        Self(std::ptr::from_ref(at).cast::<u8>().map_addr(|address| address | IS_SLEEP))
    }

    /// For people to read.
    pub(crate) fn text(self) -> Option<String> {
        if self.0.is_null() {
            return None;
        }
        if self.0.addr() & IS_SLEEP == 0 {
            // SAFETY: the address is that of a `Site`, which lives for ever (S1).
            let site: &'static Site = unsafe { &*self.0.cast() };
            return Some(site.to_string());
        }
        let at = self.0.map_addr(|address| address & !IS_SLEEP);
        // SAFETY: the address is that of a `Location`, which lives for ever (S1).
        let at: &'static Location<'static> = unsafe { &*at.cast() };
        Some(format!("{at}, sleep"))
    }
}

impl fmt::Debug for WaitsAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_tells_its_own_text() {
        static SITE: Site = Site::new("file.rs", 1, 2, "Ping");
        let at = Location::caller();
        assert_eq!(size_of::<WaitsAt>(), 8);
        assert_eq!(WaitsAt::default().text(), None);
        assert_eq!(WaitsAt::receive(&SITE).text(), Some(SITE.to_string()));
        assert_eq!(WaitsAt::sleep(at).text(), Some(format!("{at}, sleep")));
    }
}

//! Heads: every file begins by saying what it is for; a trybuild case says what it shows.

use crate::source::{Breach, Source};

/// Shorter than this, a `//!` only repeats the file's name.
const ESSAY_CHARS_MIN: usize = 40;

/// Shorter than this, a case's comment says nothing.
const CASE_CHARS_MIN: usize = 15;

pub(crate) fn check(source: &Source) -> Option<Breach> {
    let (mark, chars_min) =
        if source.is_trybuild_case() { ("//", CASE_CHARS_MIN) } else { ("//!", ESSAY_CHARS_MIN) };
    let head = source.text.lines().map_while(|line| line.strip_prefix(mark));
    let chars: usize = head.map(|line| line.trim_start_matches(['/', '!']).trim().len()).sum();
    (chars < chars_min).then(|| {
        let what = format!("the file begins with `{mark}` and at least {chars_min} characters");
        source.breach(1, "head", what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(path: &str, text: &str) -> bool {
        check(&Source::new(path, text)).is_some()
    }

    #[test]
    fn a_file_without_an_essay_is_refused() {
        assert!(is_refused(
            "kerosene/src/a.rs",
            "use std::fmt;\n//! Says what the file is for, in full.\n"
        ));
        assert!(is_refused("kerosene/src/a.rs", "//! The mailbox.\n"));
        assert!(!is_refused(
            "kerosene/src/a.rs",
            "//! The mailbox: signals in transit,\n//! in order.\n"
        ));
    }

    #[test]
    fn a_case_needs_only_a_line() {
        assert!(is_refused("tests/macros/fail/a.rs", "fn main() {}\n"));
        assert!(!is_refused("tests/macros/fail/a.rs", "// An arm after `after`.\nfn main() {}\n"));
        assert!(is_refused("tests/macros/main.rs", "// An arm after `after`.\nfn main() {}\n"));
    }
}

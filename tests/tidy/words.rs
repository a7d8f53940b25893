//! Words that tell of one machine: paths of the place it was written at, hosts of registries.

use crate::source::{Breach, Source};

/// Written in two halves so that this file does not hold them.
const FOREIGN_WORDS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("py", "pi.org"),
    concat!("deb.", "debian.org"),
    concat!("proxy.", "golang.org"),
];

/// Cargo writes registry addresses into its lock files.
const EXCEPTED: &str = "Cargo.lock";

pub(crate) fn check(source: &Source) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (number, line) in source.lines().filter(|_| !is_excepted(source)) {
        for word in FOREIGN_WORDS.iter().filter(|word| stands_alone(line, word)) {
            let what = format!("`{word}` means something on one machine only");
            breaches.push(source.breach(number, "machine", what));
        }
    }
    breaches
}

fn is_excepted(source: &Source) -> bool {
    source.path.rsplit('/').next() == Some(EXCEPTED)
}

/// Whether `word` occurs, and not as the rest of a longer path or name.
fn stands_alone(line: &str, word: &str) -> bool {
    let mut starts = line.match_indices(word).map(|(at, _)| &line[..at]);
    starts.any(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_path_is_found_and_a_longer_path_is_not() {
        let text = format!("see\n{}x and {}", FOREIGN_WORDS[0], FOREIGN_WORDS[3]);
        let found = check(&Source::new("a.md", &text));
        assert_eq!(found.iter().map(|breach| breach.line).collect::<Vec<_>>(), [2, 2]);
        let longer = format!("docs{}x", FOREIGN_WORDS[0]);
        assert!(check(&Source::new("a.md", &longer)).is_empty());
        assert!(check(&Source::new("Cargo.lock", &text)).is_empty());
        assert!(check(&Source::new("benches/peers/Cargo.lock", &text)).is_empty());
    }
}

//! Unsafe code: only in the files ARCHITECTURE.md lists, and every block says why it is sound.
//!
//! The list stands under the heading `## Unsafe code`, each file in backticks. It is checked both
//! ways, so that it can be trusted as the list of what to audit.

use crate::source::{Breach, Source, Tree, has_extension};

const HEADING: &str = "## Unsafe code";
const RULE: &str = "unsafe list";

pub(crate) fn check_list(architecture: &Source, tree: &Tree) -> Vec<Breach> {
    let listed = listed_files(architecture);
    let mut breaches = Vec::new();
    if !architecture.text.lines().any(|line| line.trim_end() == HEADING) {
        breaches.push(architecture.breach(1, RULE, format!("there is no heading `{HEADING}`")));
    }
    for (line, path) in &listed {
        let has_unsafe = tree.get(path).map(|source| first_unsafe(source).is_some());
        let what = match has_unsafe {
            Some(true) => continue,
            Some(false) => format!("`{path}` holds no unsafe code: take it off the list"),
            None => format!("`{path}` does not exist"),
        };
        breaches.push(architecture.breach(*line, RULE, what));
    }
    for source in tree.rust().filter(|source| source.is_lexed()) {
        let is_listed = listed.iter().any(|(_, path)| *path == source.path);
        if let Some(line) = first_unsafe(source).filter(|_| !is_listed) {
            let what = format!("unsafe code in a file that {} does not list", architecture.path);
            breaches.push(source.breach(line, RULE, what));
        }
    }
    breaches
}

/// The backticked Rust files under the heading, with their lines.
fn listed_files(architecture: &Source) -> Vec<(usize, String)> {
    let section = architecture
        .lines()
        .skip_while(|(_, line)| line.trim_end() != HEADING)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("## "));
    section
        .flat_map(|(number, line)| {
            let quoted = line.split('`').skip(1).step_by(2);
            quoted
                .filter(|path| has_extension(path, "rs"))
                .map(move |path| (number, path.to_owned()))
        })
        .collect()
}

fn first_unsafe(source: &Source) -> Option<usize> {
    source.tokens().into_iter().find(|token| token.is("unsafe")).map(|token| token.line)
}

/// Every `unsafe { .. }` and `unsafe impl` has a `// SAFETY:` comment of its own.
pub(crate) fn check_safety_comments(source: &Source) -> Vec<Breach> {
    let tokens = source.tokens();
    let pairs = tokens.iter().zip(tokens.iter().skip(1));
    pairs
        .filter(|(word, next)| word.is("unsafe") && (next.is("{") || next.is("impl")))
        .filter(|(word, _)| !source.comment_at(word.line).contains("SAFETY:"))
        .map(|(word, next)| {
            let what = format!("`unsafe {}` has no `// SAFETY:` comment above it", next.text);
            source.breach(word.line, "safety comment", what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n## Unsafe code\n* `src/a.rs`: why.\n## Decisions\n* `src/c.rs`\n";

    fn lines(page: &str, files: &[(&str, &str)]) -> Vec<(String, usize)> {
        let page = Source::new("ARCHITECTURE.md", page);
        let found = check_list(&page, &Tree::of(files));
        found.into_iter().map(|breach| (breach.path, breach.line)).collect()
    }

    #[test]
    fn the_list_is_checked_both_ways() {
        let (unsafe_file, safe_file) =
            ("unsafe impl Send for A {}", "// unsafe\nconst A: &str = \"unsafe\";");
        assert!(lines(PAGE, &[("src/a.rs", unsafe_file), ("src/b.rs", safe_file)]).is_empty());
        let stale = lines(PAGE, &[("src/a.rs", safe_file)]);
        assert_eq!(stale, [("ARCHITECTURE.md".to_owned(), 3)]);
        let unlisted = lines(PAGE, &[("src/a.rs", unsafe_file), ("src/c.rs", unsafe_file)]);
        assert_eq!(unlisted, [("src/c.rs".to_owned(), 1)]);
        assert_eq!(lines(PAGE, &[]), [("ARCHITECTURE.md".to_owned(), 3)]);
        assert_eq!(lines("# A\n", &[]).len(), 1);
    }

    #[test]
    fn each_block_needs_its_own_comment() {
        let text = "\
fn f() {
    // SAFETY: a is live.
    let a = unsafe { *a };
    let b = unsafe { *b };
    // SAFETY: c is live, and so
    // is d.
    let c =
        unsafe { *c };
}
unsafe fn g() {}
// SAFETY: no shared state.
#[cfg(x)]
unsafe impl Send for A {}
unsafe impl Sync for A {}
";
        let found = check_safety_comments(&Source::new("a.rs", text));
        assert_eq!(found.iter().map(|breach| breach.line).collect::<Vec<_>>(), [4, 14]);
    }
}

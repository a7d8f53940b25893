//! Links: a relative link in a page leads to a file that exists.

use crate::source::{Breach, Source, Tree};

/// The pages at the root of the repository.
pub(crate) const PAGES: &[&str] =
    &["README.md", "ARCHITECTURE.md", "SEMANTICS.md", "CONTRIBUTING.md", "CHANGELOG.md"];

pub(crate) fn check(page: &Source, tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut in_fence = false;
    for (number, line) in page.lines() {
        in_fence ^= line.trim_start().starts_with("```");
        for target in if in_fence { Vec::new() } else { targets(line) } {
            let path = target.split('#').next().unwrap_or("");
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            if !is_elsewhere && !path.is_empty() && !tree.has(path.trim_start_matches("./")) {
                let what = format!("`{target}` leads to no file of the repository");
                breaches.push(page.breach(number, "link", what));
            }
        }
    }
    breaches
}

/// Where the links of a line lead: `[text](target)` and `[label]: target`. Code is not a link.
fn targets(line: &str) -> Vec<&str> {
    let definition = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
    let mut found: Vec<&str> =
        definition.and_then(|(_, rest)| rest.split_whitespace().next()).into_iter().collect();
    let prose = line.split('`').step_by(2); // a link's text may be code, its target is not
    for part in prose {
        let after_text = part.split("](").skip(1);
        found.extend(after_text.filter_map(|rest| rest.split([')', ' ']).next()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let text = "\
[a](README.md), [`b`](./kerosene/src#x), [c](#here), [d](https://example.com/d)
[e](missing.md#top) and `[f](code.md)`
```text
[g](in-a-fence.md)
```
[h]: gone.md
";
        let tree = Tree::of(&[("README.md", ""), ("kerosene/src/lib.rs", "")]);
        let found = check(&Source::new("README.md", text), &tree);
        assert_eq!(found.iter().map(|breach| breach.line).collect::<Vec<_>>(), [2, 6]);
    }
}

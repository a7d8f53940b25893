//! Compile-fail cases: each has the message it expects beside it, and no message is left over.

use crate::source::{Breach, Tree, has_extension};

const CASES: &str = "tests/macros/fail/";
const RULE: &str = "compile-fail case";

pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let partner = |path: &str| {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        if has_extension(path, "rs") { format!("{stem}.stderr") } else { format!("{stem}.rs") }
    };
    tree.files()
        .filter(|source| source.path.starts_with(CASES))
        .filter(|source| ["rs", "stderr"].iter().any(|end| has_extension(&source.path, end)))
        .filter(|source| tree.get(&partner(&source.path)).is_none())
        .map(|source| source.breach(1, RULE, format!("`{}` is missing", partner(&source.path))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_and_its_message_come_together() {
        let tree = Tree::of(&[
            ("tests/macros/fail/a.rs", ""),
            ("tests/macros/fail/a.stderr", ""),
            ("tests/macros/fail/b.rs", ""),
            ("tests/macros/fail/c.stderr", ""),
            ("tests/macros/pass/d.rs", ""),
        ]);
        let paths: Vec<String> = check(&tree).into_iter().map(|breach| breach.path).collect();
        assert_eq!(paths, ["tests/macros/fail/b.rs", "tests/macros/fail/c.stderr"]);
    }
}

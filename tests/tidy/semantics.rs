//! Guarantees: every rule of SEMANTICS.md names the test that guards it, and that test exists.
//!
//! A rule is a table row whose first cell is an id such as `SIG-2` (a letter may follow where one
//! rule of Erlang's is several here). Its last cell names tests as `file.rs::test_name` in
//! backticks, or says `not kept:` or `later:` and why. `file.rs` is a file or folder of `tests/`;
//! with a `/` in it, a path from the root, for tests that only a crate itself can hold.

use std::collections::BTreeSet;

use crate::source::{Breach, Source, Token, Tree, has_extension, reads};

/// The ids of Erlang's rules, by family: the page speaks of each from 1 to the number.
const FAMILIES: &[(&str, u32)] = &[
    ("SIG", 8),
    ("EXR", 2),
    ("EXS", 3),
    ("DTH", 5),
    ("LNK", 5),
    ("MON", 8),
    ("ALI", 4),
    ("RCV", 9),
    ("REG", 6),
    ("TMR", 7),
    ("SCH", 6),
    ("GSI", 5),
    ("GSC", 7),
    ("GSL", 5),
    ("GST", 4),
    ("SYS", 2),
    ("SUP", 12),
    ("STM", 6),
    ("PG", 3),
];

const RULE: &str = "guarantee";

/// Each row names a test, or says why there is none.
pub(crate) fn check_rows(page: &Source) -> Vec<Breach> {
    rows(page)
        .into_iter()
        .filter(|row| !is_guarded(row.guard) && !is_excused(row.guard))
        .map(|row| {
            let what = format!(
                "{} ends with `file.rs::test_name`, or `not kept:` or `later:` and a reason",
                row.id
            );
            page.breach(row.line, RULE, what)
        })
        .collect()
}

/// Each of Erlang's rules has a row of its own, and no id has two.
pub(crate) fn check_coverage(page: &Source) -> Vec<Breach> {
    let rows = rows(page);
    let mut seen = BTreeSet::new();
    let mut breaches: Vec<Breach> = rows
        .iter()
        .filter(|row| !seen.insert(row.id))
        .map(|row| page.breach(row.line, RULE, format!("{} has two rows", row.id)))
        .collect();
    for (family, last) in FAMILIES {
        let wanted = (1..=*last).map(|number| format!("{family}-{number}"));
        let missing = wanted.filter(|id| !rows.iter().any(|row| names_rule(row.id, id)));
        breaches.extend(missing.map(|id| page.breach(1, RULE, format!("{id} has no row"))));
    }
    breaches
}

/// Each test that the page names anywhere is a test function.
pub(crate) fn check_tests_exist(page: &Source, tree: &Tree) -> Vec<Breach> {
    let tests: Vec<(String, BTreeSet<String>)> = tree
        .rust()
        .filter(|source| source.is_lexed())
        .map(|source| (source.path.clone(), test_names(&source.tokens())))
        .collect();
    let mut breaches = Vec::new();
    for (line, file, name) in page.lines().flat_map(|(line, text)| {
        named_tests(text).into_iter().map(move |(file, name)| (line, file, name))
    }) {
        let exists = tests.iter().any(|(path, names)| is_file(file, path) && names.contains(name));
        if !exists {
            breaches.push(page.breach(line, RULE, format!("no test `{file}::{name}`")));
        }
    }
    breaches
}

struct Row<'a> {
    line: usize,
    id: &'a str,
    guard: &'a str,
}

fn rows(page: &Source) -> Vec<Row<'_>> {
    page.lines()
        .filter_map(|(line, text)| {
            let cells = text.trim().strip_prefix('|')?.strip_suffix('|')?;
            let (first, rest) = cells.split_once('|')?;
            let guard = rest.rsplit('|').next()?.trim();
            let id = first.trim();
            is_id(id).then_some(Row { line, id, guard })
        })
        .collect()
}

/// `ABC-12` or `ABC-12a`; two letters will do.
fn is_id(word: &str) -> bool {
    let Some((family, number)) = word.split_once('-') else {
        return false;
    };
    let digits = number.trim_end_matches(|c: char| c.is_ascii_lowercase());
    (2..=3).contains(&family.len())
        && family.chars().all(|c| c.is_ascii_uppercase())
        && digits.parse::<u32>().is_ok()
        && number.len() <= digits.len() + 1
}

/// Whether a row's id is `wanted`, or a part of it (`SIG-2b` of `SIG-2`).
fn names_rule(id: &str, wanted: &str) -> bool {
    id.trim_end_matches(|c: char| c.is_ascii_lowercase()) == wanted
}

fn is_guarded(cell: &str) -> bool {
    !named_tests(cell).is_empty()
}

fn is_excused(cell: &str) -> bool {
    ["not kept:", "later:"]
        .iter()
        .any(|word| cell.split_once(word).is_some_and(|(_, reason)| reason.trim().len() >= 10))
}

/// The tests named in a line, as file and function.
fn named_tests(line: &str) -> Vec<(&str, &str)> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted
        .filter_map(|word| word.split_once("::"))
        .filter(|(file, name)| has_extension(file, "rs") && name.starts_with(char::is_alphabetic))
        .collect()
}

/// Whether the `file` of a guard is the file at `path`.
fn is_file(file: &str, path: &str) -> bool {
    if file.contains('/') {
        return file == path;
    }
    let folder = format!("tests/{}/", file.trim_end_matches(".rs"));
    path == format!("tests/{file}") || path.starts_with(&folder)
}

/// The functions with an attribute that makes them tests: `#[test]`, `#[kerosene::test(..)]`.
fn test_names(tokens: &[Token]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_test = false;
    let mut at = 0;
    while at < tokens.len() {
        if reads(tokens, at, &["#", "["]) {
            let close = tokens[at + 1].close.expect("a bracket closes");
            is_test |= is_test_attribute(&tokens[at + 2..close]);
            at = close + 1;
            continue;
        }
        if tokens[at].is("fn") && is_test {
            names.extend(tokens.get(at + 1).map(|name| name.text.clone()));
        }
        is_test &= !tokens[at].is("fn");
        at += 1;
    }
    names
}

fn is_test_attribute(attribute: &[Token]) -> bool {
    let path = attribute.iter().take_while(|token| token.is_word() || token.is("::"));
    path.last().is_some_and(|last| last.is("test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Source {
        Source::new("SEMANTICS.md", text)
    }

    #[test]
    fn a_row_without_a_guard_is_found() {
        let text = "\
| id | rule | guarded by |
|---|---|---|
| SIG-1 | a | `links.rs::a_link` |
| SIG-2 | b | soon |
| SIG-3 | c | later: needs a node |
| SIG-4 | d | not kept: |
";
        let lines: Vec<_> = check_rows(&page(text)).into_iter().map(|b| b.line).collect();
        assert_eq!(lines, [4, 6]);
    }

    #[test]
    fn a_missing_and_a_doubled_id_are_found() {
        let all: String = FAMILIES
            .iter()
            .flat_map(|(family, last)| (1..=*last).map(move |n| format!("| {family}-{n} | x |\n")))
            .collect();
        assert!(check_coverage(&page(&all)).is_empty());
        let lettered = all.replace("| LNK-4 |", "| LNK-4a |");
        assert!(check_coverage(&page(&lettered)).is_empty());
        let without = all.replace("| LNK-4 |", "| LNK-44 |");
        assert_eq!(check_coverage(&page(&without))[0].what, "LNK-4 has no row");
        let doubled = format!("{all}| LNK-4 | again |\n");
        assert_eq!(check_coverage(&page(&doubled))[0].what, "LNK-4 has two rows");
    }

    #[test]
    fn a_named_test_must_be_a_test() {
        let tree = Tree::of(&[
            ("tests/links.rs", "#[kerosene::test(seeds = 2)]\nasync fn real() {}\nfn helper() {}"),
            ("tests/tidy/main.rs", "#[test]\n#[cfg(x)]\nfn inside() {}"),
            ("kerosene/src/signal/exit.rs", "mod tests { #[test] fn pure() {} }"),
        ]);
        let good = "`links.rs::real` `tidy.rs::inside` `kerosene/src/signal/exit.rs::pure`";
        assert!(check_tests_exist(&page(good), &tree).is_empty());
        let bad = "`links.rs::helper`\n`links.rs::gone`\n`exit.rs::pure`\n`ExitReason::Normal`";
        let lines: Vec<_> =
            check_tests_exist(&page(bad), &tree).into_iter().map(|b| b.line).collect();
        assert_eq!(lines, [1, 2, 3]);
    }
}

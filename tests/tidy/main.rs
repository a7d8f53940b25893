//! Style as a test: what `CONTRIBUTING.md` asks for and a program can decide.
//!
//! Each rule is a function from texts to breaches, in a module of its own, with tests that show it
//! can fail; this file runs every rule over the tree. A breach prints as `file:line: rule: what`,
//! so that an editor can jump to it. Rules that need judgement (is the comment true, is the name
//! right) are not here: they are for the reader of a change.
//!
//! Rust files are read as tokens (`proc-macro2`), never as text, wherever a comment or a string
//! could otherwise be mistaken for code.

mod compile_fail;
mod forbidden;
mod heads;
mod layers;
mod links;
mod orderings;
mod semantics;
mod size;
mod source;
mod unsafe_code;
mod words;

use source::{Breach, Source, Tree};

/// Fails the calling test with every breach, one a line.
fn report(breaches: &[Breach]) {
    let lines: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    let count = lines.len();
    let list = lines.join("\n");
    assert!(count == 0, "{count} breaches of style:\n{list}\n");
}

/// Runs a rule that looks at one Rust file at a time over every file that must lex.
fn each_rust_file(rule: fn(&Source) -> Vec<Breach>) {
    let tree = Tree::read();
    let breaches: Vec<Breach> = tree.rust().filter(|s| s.is_lexed()).flat_map(rule).collect();
    report(&breaches);
}

#[test]
fn imports_point_to_the_same_or_an_earlier_layer() {
    report(&layers::check_all(&Tree::read()));
}

#[test]
fn the_prelude_names_only_what_the_crate_root_exports() {
    let tree = Tree::read();
    if let (Some(prelude), Some(lib)) =
        (tree.get("kerosene/src/prelude.rs"), tree.get("kerosene/src/lib.rs"))
    {
        report(&layers::check_prelude(prelude, lib));
    }
}

#[test]
fn files_and_lines_are_short() {
    let tree = Tree::read();
    report(&tree.rust().flat_map(size::check_lines).collect::<Vec<_>>());
}

#[test]
fn functions_fit_on_a_screen() {
    each_rust_file(size::check_functions);
}

#[test]
fn every_file_says_what_it_is_for() {
    let tree = Tree::read();
    report(&tree.rust().filter_map(heads::check).collect::<Vec<_>>());
}

#[test]
fn unsafe_code_is_only_where_architecture_lists_it() {
    let tree = Tree::read();
    let architecture = tree.get("ARCHITECTURE.md").expect("ARCHITECTURE.md exists");
    report(&unsafe_code::check_list(architecture, &tree));
}

#[test]
fn every_unsafe_block_says_why_it_is_sound() {
    each_rust_file(unsafe_code::check_safety_comments);
}

#[test]
fn every_guarantee_names_a_test_that_exists() {
    let tree = Tree::read();
    let page = tree.get("SEMANTICS.md").expect("SEMANTICS.md exists");
    report(&semantics::check_rows(page));
    report(&semantics::check_coverage(page));
    report(&semantics::check_tests_exist(page, &tree));
}

#[test]
fn every_compile_fail_case_has_its_message() {
    report(&compile_fail::check(&Tree::read()));
}

#[test]
fn nothing_forbidden_is_written() {
    each_rust_file(forbidden::check);
}

#[test]
fn doc_examples_run() {
    let tree = Tree::read();
    let readme = tree.get("README.md").into_iter();
    report(&tree.rust().chain(readme).flat_map(forbidden::check_doc_tests).collect::<Vec<_>>());
}

#[test]
fn links_between_pages_lead_somewhere() {
    let tree = Tree::read();
    let pages = links::PAGES.iter().filter_map(|path| tree.get(path));
    report(&pages.flat_map(|page| links::check(page, &tree)).collect::<Vec<_>>());
}

#[test]
fn the_strongest_orderings_say_why() {
    each_rust_file(orderings::check);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let tree = Tree::read();
    report(&tree.files().flat_map(words::check).collect::<Vec<_>>());
}

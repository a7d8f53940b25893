//! What `receive!`, `#[main]` and `#[test]` accept, and what they say when they do not.
//!
//! Every file in `macros/pass` is a program that must run; every file in `macros/fail` shows one
//! mistake, and the `.stderr` beside it is what the user reads. `TRYBUILD=overwrite` rewrites
//! those: read the difference before it is committed.

#[test]
fn what_is_right_compiles_and_runs() {
    trybuild::TestCases::new().pass("tests/macros/pass/*.rs");
}

#[test]
fn what_is_wrong_is_explained() {
    trybuild::TestCases::new().compile_fail("tests/macros/fail/*.rs");
}

//! What `receive!`, `#[actor]`, `#[main]` and `#[test]` accept, and what they say when they do not.
//!
//! Every file in `macros/pass` is a program that must run; every file in `macros/fail` shows one
//! mistake, and the `.stderr` beside it is what the user reads. `TRYBUILD=overwrite` rewrites
//! those: read the difference before it is committed.

use std::num::ParseIntError;

use kerosene::prelude::*;

/// Also a module of this file, so that clippy reads it.
#[path = "macros/pass/actors_are_lint_clean.rs"]
mod actors_are_lint_clean;

/// And this one.
#[path = "macros/pass/expansions_are_lint_clean.rs"]
mod expansions_are_lint_clean;

#[test]
fn what_is_right_compiles_and_runs() {
    trybuild::TestCases::new().pass("tests/macros/pass/*.rs");
}

#[test]
fn what_is_wrong_is_explained() {
    trybuild::TestCases::new().compile_fail("tests/macros/fail/*.rs");
}

#[test]
fn clean_expansions_run() {
    let _ = expansions_are_lint_clean::main();
    let _ = actors_are_lint_clean::main();
}

#[kerosene::test]
async fn a_test_body_is_a_process() {
    send(pid(), 1_u64);
    receive! { n: u64 => assert_eq!(n, 1) }
}

/// Docs and attributes stay with the test.
#[kerosene::test(seeds = 20)]
#[cfg(test)]
async fn a_test_returns_what_a_process_may() -> Result<(), ParseIntError> {
    let n: u64 = "12".parse()?;
    assert_eq!(n, 12);
    Ok(())
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_test_runs_on_the_real_scheduler() {
    let late = receive! { after Duration::from_millis(1) => true };
    assert!(late);
}

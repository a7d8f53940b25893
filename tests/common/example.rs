//! The examples as programs, for tests that start them.

use std::path::PathBuf;
use std::time::SystemTime;
use std::{env, fs};

/// An example as cargo has built it, beside the test that asks.
///
/// # Panics
///
/// If it was not built, or is older than its sources: a `cargo test` of one file does not build it.
pub(crate) fn program(example: &str) -> PathBuf {
    let test = env::current_exe().expect("a test knows where it is");
    let folder = test.parent().and_then(|deps| deps.parent()).expect("it is in target/*/deps");
    let program = folder.join("examples").join(example).with_extension(env::consts::EXE_EXTENSION);
    let built = fs::metadata(&program).and_then(|file| file.modified());
    let sources = fs::read_dir(format!("examples/{example}")).expect("the sources are there");
    let changed = sources.filter_map(|file| file.ok()?.metadata().ok()?.modified().ok()).max();
    let changed = changed.unwrap_or(SystemTime::UNIX_EPOCH);
    assert!(
        built.is_ok_and(|built| built >= changed),
        "{} is missing or old: `cargo build --example {example}` (a `cargo test` of everything \
         builds it)",
        program.display()
    );
    program
}

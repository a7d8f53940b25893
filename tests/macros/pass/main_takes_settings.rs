//! Every argument, docs and attributes on the function, and a body that awaits nothing.
#![deny(warnings, missing_docs)]

/// The program.
#[kerosene::main(worker_threads = 2, name = "shop", stop_deadline = "500ms")]
#[cfg(all())]
pub async fn main() {
    assert!(!std::thread::panicking());
}

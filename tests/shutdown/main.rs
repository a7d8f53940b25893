//! How runtimes stop: rules KRS-14 to KRS-16 of SEMANTICS.md.

mod apart;
mod in_order;
mod programs;
mod trees;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use kerosene::prelude::*;

/// Longer than anything here takes: a stop that comes to this deadline has hung.
const LONG: Duration = Duration::from_secs(20);

/// A runtime that waits for its processes as long as it takes.
fn runtime() -> Runtime {
    Runtime::builder().worker_threads(4).stop_deadline(LONG).build().expect("threads")
}

/// Counts the values dropped.
#[derive(Clone, Default)]
struct Dropped(Arc<AtomicUsize>);

struct Guard(Dropped);

impl Dropped {
    fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    fn count(&self) -> usize {
        self.0.load(Relaxed)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Relaxed);
    }
}

/// A body that waits for ever and holds a guard.
async fn wait_with(guard: Guard) {
    let _guard = guard;
    sleep(Duration::MAX).await;
}

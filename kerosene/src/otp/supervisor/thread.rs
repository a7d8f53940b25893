//! A child that blocks its thread: a process that waits for the thread, and asks it to stop.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    BlockingError, Exit, ExitReason, IntoExitReason, blocking, parent, receive, trap_exit,
};

/// Tells a child that blocks its thread when it is time to stop.
///
/// See [`ChildSpec::blocking`](super::ChildSpec::blocking).
#[derive(Debug, Clone)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// Whether the child should return.
    pub fn is_set(&self) -> bool {
        // Relaxed: nothing is published by it; the child may see it a moment later.
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self) {
        // Relaxed: as above.
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sets the flag also when the process is killed.
struct SetWhenDropped(Stopping);

impl Drop for SetWhenDropped {
    fn drop(&mut self) {
        self.0.set();
    }
}

/// The body of the process that stands for the thread.
pub(super) async fn thread_body<F, T>(work: Arc<F>) -> ExitReason
where
    F: Fn(&Stopping) -> T + Send + Sync + 'static,
    T: IntoExitReason + Send + 'static,
{
    trap_exit(true);
    let stopping = SetWhenDropped(Stopping(Arc::new(AtomicBool::new(false))));
    let for_thread = stopping.0.clone();
    let mut thread = pin!(blocking(move || work(&for_thread).into_exit_reason()));
    let told = tokio::select! {
        biased;
        result = &mut thread => return outcome(result),
        reason = told_to_stop() => reason,
    };
    stopping.0.set();
    match thread.await {
        Ok(_) => told,
        failed => outcome(failed),
    }
}

fn outcome(result: Result<ExitReason, BlockingError>) -> ExitReason {
    match result {
        Ok(reason) => reason,
        Err(BlockingError::Panic(info)) => ExitReason::Panic(Arc::new(info)),
        Err(_) => ExitReason::Shutdown,
    }
}

/// Waits for an exit signal that would end a process which does not trap exits, or any from the
/// parent.
async fn told_to_stop() -> ExitReason {
    let parent = parent();
    receive! {
        Exit { pid, reason } if Some(pid) == parent || reason != ExitReason::Normal => reason,
    }
}

//! Work that blocks its thread: a closure on tokio's blocking threads, on behalf of a process that
//! waits for its result and may be ended meanwhile.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::task::spawn_blocking;

use crate::process::{are_children_below, current_pid, on_behalf_of, panic_info};
use crate::term::{PanicInfo, Pid};

/// Runs a closure on a thread where it may block, and waits for its result.
///
/// For what would hold up a scheduler: files, locks, C libraries, computations of more than about a
/// millisecond. The threads are those of tokio's `spawn_blocking`.
///
/// The process may be ended by an exit signal while it waits. The closure cannot be interrupted: it
/// runs on, for nothing, and what it sends from then on is dropped.
///
/// Inside, [`pid`](crate::pid) answers for the process that waits, and [`send`](crate::send),
/// [`spawn`](crate::spawn) and [`whereis`](crate::whereis) work. `receive!`,
/// [`link`](crate::link) and what else needs the process itself panic.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let sum = blocking(|| (1..=1000_u64).sum::<u64>()).await;
///     assert_eq!(sum.ok(), Some(500_500));
/// });
/// ```
///
/// # Errors
///
/// [`BlockingError::Panic`] if the closure panics, and [`BlockingError::Cancelled`] if the runtime
/// was stopping and would not run it.
///
/// # Panics
///
/// When awaited outside a tokio runtime.
///
/// In Erlang: a NIF on a dirty scheduler.
pub async fn blocking<F, T>(work: F) -> Result<T, BlockingError>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (pid, below) = (current_pid(), are_children_below());
    let work = move || {
        let _entered = pid.map(|pid| on_behalf_of(pid, below));
        let work = AssertUnwindSafe(work);
        catch_unwind(work).map_err(|payload| caught(payload, pid))
    };
    match spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(BlockingError::Cancelled),
    }
}

fn caught(payload: Box<dyn Any + Send>, pid: Option<Pid>) -> BlockingError {
    BlockingError::Panic(panic_info(payload, pid.unwrap_or(Pid::NOBODY)))
}

/// Why [`blocking`] has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockingError {
    /// The closure panicked.
    Panic(PanicInfo),
    /// The runtime was stopping.
    Cancelled,
}

impl fmt::Display for BlockingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic(info) => write!(f, "blocking work failed: {info}"),
            Self::Cancelled => f.write_str("the runtime stopped before the blocking work ran"),
        }
    }
}

impl std::error::Error for BlockingError {}

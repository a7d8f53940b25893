//! The body of a process, and what is known of its birth, in one allocation.
//!
//! ```text
//!   Slot ──▶ Cell ┌──────────────────┐
//!                 │ Header: calls    │  how to poll and to drop the future
//!                 │         birth    │
//!                 ├──────────────────┤
//!                 │ future           │
//!                 └──────────────────┘
//! ```
//!
//! A fat pointer to a trait object would do, but it takes two words of the slot, and lends all of
//! what it points to while the future is polled, so that a process could not look at its birth.
//!
//! The future is dropped before the cell is given up: what it drops may still ask for the birth.
//!
//! - O1: the header lies at the beginning of the cell, and `calls` is for the type of the future,
//!   and says whether it is still there.
//! - O2: the future is polled and dropped only by the thread that has the turn of its process (P1
//!   of [`slot`](super::slot)), and touched by nothing else.

use std::alloc::Layout;
use std::any::Any;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use super::cells;
use crate::term::{ExitReason, Pid, node};

/// A body, owned.
pub(crate) struct Body(NonNull<Header>);

/// The future of a body, borrowed for a turn.
pub(super) struct Running(NonNull<Header>);

#[repr(C)]
struct Cell<F> {
    header: Header,
    future: F,
}

struct Header {
    /// Changes once, when the future has been dropped.
    calls: &'static Calls,
    /// Never changes.
    birth: Birth,
}

/// What polling a body has come to. An error is the payload of a panic.
pub(super) type Polled = Result<Poll<ExitReason>, Box<dyn Any + Send>>;

/// What depends on the type of the future.
struct Calls {
    poll: unsafe fn(NonNull<Header>, &mut Context<'_>) -> Polled,
    /// Drops the future where it lies.
    drop_future: unsafe fn(NonNull<Header>),
    /// Drops the future, if it has not been, and gives the cell up.
    drop: unsafe fn(NonNull<Header>),
}

/// What is known of how a process began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) spawned_at: &'static Location<'static>,
    started: Moment,
    /// The key of the parent, which is of the same node; 0 if nobody is known.
    parent: u64,
}

trait Called {
    const CALLS: &'static Calls;
    const CALLS_WITHOUT_FUTURE: &'static Calls;
}

impl<F: Future<Output = ExitReason>> Called for F {
    const CALLS: &'static Calls =
        &Calls { poll: poll::<F>, drop_future: drop_future::<F>, drop: drop_cell::<F> };
    const CALLS_WITHOUT_FUTURE: &'static Calls = &Calls {
        poll: poll_nothing,
        drop_future: drop_nothing,
        drop: drop_cell::<ManuallyDrop<F>>,
    };
}

impl Body {
    pub(crate) fn new<F>(birth: Birth, future: F) -> Self
    where
        F: Future<Output = ExitReason> + 'static,
    {
        let header = Header { calls: F::CALLS, birth };
        let cell = cells::allocate(Layout::new::<Cell<F>>()).cast::<Cell<F>>();
        // SAFETY: the memory was just allocated for it.
        unsafe { cell.write(Cell { header, future }) };
        Self(cell.cast())
    }

    #[inline]
    pub(super) fn future(&self) -> Running {
        Running(self.0)
    }

    pub(super) fn birth(&self) -> &Birth {
        // SAFETY: the header is alive as long as `self`, and never changes.
        unsafe { &self.0.as_ref().birth }
    }
}

impl Running {
    /// Polls the future, and catches what it panics with.
    ///
    /// # Safety
    ///
    /// The body is alive, and the caller has the turn of the process (O2).
    #[inline]
    pub(super) unsafe fn poll(&self, cx: &mut Context<'_>) -> Polled {
        // SAFETY: the header is alive by contract; `poll` is for the future behind it (O1), which
        // by contract nobody else touches.
        unsafe { (self.0.as_ref().calls.poll)(self.0, cx) }
    }

    /// Drops the future, once: it is not there any more if that panics, or is done again.
    ///
    /// # Safety
    ///
    /// As for `poll`.
    pub(super) unsafe fn drop_future(&self) {
        // SAFETY: as in `poll`.
        unsafe { (self.0.as_ref().calls.drop_future)(self.0) }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Body").field(self.birth()).finish()
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        // SAFETY: `drop` is for the cell behind the header (O1), which is given up here.
        unsafe { (self.0.as_ref().calls.drop)(self.0) }
    }
}

/// A panic is caught here, in a small function next to the body: each call between them, and each
/// place of the catching function where something would have to be dropped, costs the unwinder.
///
/// # Safety
///
/// The header is that of a `Cell<F>`, alive, of which nobody else touches the future.
unsafe fn poll<F: Future<Output = ExitReason>>(
    header: NonNull<Header>,
    cx: &mut Context<'_>,
) -> Polled {
    let cell = header.cast::<Cell<F>>().as_ptr();
    // SAFETY: by contract; only the field is borrowed. It is pinned: the cell never moves, and the
    // future in it is dropped where it lies.
    let future = unsafe { Pin::new_unchecked(&mut (*cell).future) };
    catch_unwind(AssertUnwindSafe(|| future.poll(cx)))
}

/// # Safety
///
/// The header is that of a `Cell<F>`, alive, of which nobody else touches the future.
unsafe fn drop_future<F: Future<Output = ExitReason>>(header: NonNull<Header>) {
    let cell = header.cast::<Cell<F>>().as_ptr();
    // SAFETY: the cell is alive by contract. Nobody looks at `calls` meanwhile: that is done by who
    // may touch the future.
    unsafe { (*cell).header.calls = F::CALLS_WITHOUT_FUTURE };
    // SAFETY: by contract; from here on, `calls` knows of no future (O1).
    unsafe { std::ptr::drop_in_place(&raw mut (*cell).future) };
}

/// There is no future any more.
fn poll_nothing(_: NonNull<Header>, _: &mut Context<'_>) -> Polled {
    unreachable!("invariant O1: a body is polled while it is alive")
}

/// There is no future any more.
fn drop_nothing(_: NonNull<Header>) {}

/// # Safety
///
/// The header is that of a `Cell<F>` made by `Body::new`, or of the `Cell` of what `F` is laid out
/// as, and is not used again.
unsafe fn drop_cell<F>(header: NonNull<Header>) {
    let cell = header.cast::<Cell<F>>();
    let _release = Release(cell);
    // SAFETY: by contract.
    unsafe { cell.drop_in_place() };
}

/// Gives the memory of a cell back, also when what was in it panics while it is dropped.
struct Release<F>(NonNull<Cell<F>>);

impl<F> Drop for Release<F> {
    fn drop(&mut self) {
        // SAFETY: allocated by `Body::new`, which alone makes cells, with the layout of this one;
        // by the contract of `drop_cell`, it is not used again.
        unsafe { cells::release(self.0.cast(), Layout::new::<Cell<F>>()) };
    }
}

impl Birth {
    pub(crate) fn new(
        parent: Option<Pid>,
        spawned_at: &'static Location<'static>,
        started: impl Into<Moment>,
    ) -> Self {
        let parent = parent.filter(|parent| parent.node() == node::current());
        Self { spawned_at, started: started.into(), parent: parent.map_or(0, Pid::key) }
    }

    /// The parent of the process, which is `pid`.
    pub(crate) fn parent(&self, pid: Pid) -> Option<Pid> {
        (self.parent != 0).then(|| Pid::of_key(pid.node(), self.parent))
    }

    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A moment in one word: an `Instant` takes two.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Moment {
    /// Since `EPOCH`; virtual time may be before it.
    nanoseconds: i64,
}

/// Some moment in the life of this OS process.
static EPOCH: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);

impl From<Instant> for Moment {
    fn from(instant: Instant) -> Self {
        let instant = instant.into_std();
        let signed = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        let nanoseconds = match instant.checked_duration_since(*EPOCH) {
            Some(after) => signed(after),
            None => -signed(EPOCH.duration_since(instant)),
        };
        Self { nanoseconds }
    }
}

impl Moment {
    fn elapsed(self) -> Duration {
        let passed = Self::from(Instant::now()).nanoseconds.saturating_sub(self.nanoseconds);
        Duration::from_nanos(u64::try_from(passed).unwrap_or(0))
    }
}

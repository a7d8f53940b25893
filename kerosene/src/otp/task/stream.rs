//! A task for each of many items, a few at a time.
//!
//! The stream is pulled: items are taken from the iterator, and tasks are started, only while
//! somebody waits for the next value. What is begun and not handed out yet, running or done, is
//! never more than was allowed; so a slow reader holds up the work instead of filling the memory.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::iter::Fuse;
use std::panic::Location;
use std::task::{Context, Poll};
use std::time::Duration;

use super::{DEFAULT_TIMEOUT, Task, TaskError};
use crate::sleep;

/// Runs a task for each item of an iterator, at most `tasks_max` at the same time, and gives their
/// values.
///
/// The values come in the order of the items, unless [`unordered`](TaskStream::unordered) says
/// otherwise. Each item has five seconds, or what [`timeout`](TaskStream::timeout) says; one that
/// takes longer is a [`TaskError::Timeout`] in its place, and the others go on. The tasks are
/// linked to the current process: see [`nolink`](TaskStream::nolink). Zero tasks count as one.
///
/// Dropped, the stream ends the tasks that run, and the rest of the items is not looked at.
///
/// ```
/// use kerosene::otp::task;
/// use kerosene::prelude::*;
///
/// async fn fetch(page: u64) -> String {
///     sleep(Duration::from_millis(page % 3)).await;
///     format!("page {page}")
/// }
///
/// kerosene::run(async {
///     let mut pages = task::stream(1.., 4, fetch);
///     while let Some(page) = pages.next().await {
///         if page? == "page 7" {
///             break; // the pages that are being fetched are not wanted any more
///         }
///     }
///     Ok::<(), kerosene::otp::TaskError>(())
/// });
/// ```
///
/// In Elixir: `Task.async_stream/3`.
#[track_caller]
pub fn stream<I, F, B, T>(items: I, tasks_max: usize, work: F) -> TaskStream<I::IntoIter, F, T>
where
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    TaskStream {
        items: items.into_iter().fuse(),
        work,
        begun: VecDeque::new(),
        tasks_max: tasks_max.max(1),
        timeout: DEFAULT_TIMEOUT,
        is_ordered: true,
        is_linked: true,
        made_at: Location::caller(),
    }
}

/// The values of many tasks, one after the other. Made by [`stream`].
#[must_use = "no task runs before the values are asked for"]
pub struct TaskStream<I, F, T: Send + 'static> {
    items: Fuse<I>,
    work: F,
    /// In the order of the items. The value of one that was too slow is `None`.
    begun: VecDeque<Task<Option<T>>>,
    tasks_max: usize,
    timeout: Duration,
    is_ordered: bool,
    is_linked: bool,
    /// Where the tasks count as spawned.
    made_at: &'static Location<'static>,
}

impl<I, F, B, T> TaskStream<I, F, T>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    /// Gives each value as soon as it is there, whatever the order of the items.
    ///
    /// In Elixir: `ordered: false`.
    pub fn unordered(mut self) -> Self {
        self.is_ordered = false;
        self
    }

    /// How long the work on one item may take, from when it begins. [`Duration::MAX`] is for ever.
    ///
    /// In Elixir: `timeout`, with `on_timeout: :kill_task`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Runs the tasks without a link, so that one that fails is a [`TaskError`] in its place.
    ///
    /// With the link it ends the current process, unless that traps exits.
    ///
    /// In Elixir: `Task.Supervisor.async_stream_nolink/4`.
    pub fn nolink(mut self) -> Self {
        self.is_linked = false;
        self
    }

    /// Waits for the next value. `None` when there is none left.
    ///
    /// It is cancel-safe: dropped while it waits, it has lost nothing.
    ///
    /// # Panics
    ///
    /// If no process runs here, or another one than that which has asked for the values so far.
    pub async fn next(&mut self) -> Option<Result<T, TaskError>> {
        self.begin();
        if self.begun.is_empty() {
            return None;
        }
        let index = poll_fn(|cx| self.poll_settled(cx)).await;
        let outcome = self.begun[index].take().await;
        self.begun.remove(index);
        Some(outcome.and_then(|value| value.ok_or(TaskError::Timeout)))
    }

    /// All values that are left.
    ///
    /// # Panics
    ///
    /// As [`next`](Self::next).
    pub async fn collect(mut self) -> Vec<Result<T, TaskError>> {
        let mut outcomes = Vec::new();
        while let Some(outcome) = self.next().await {
            outcomes.push(outcome);
        }
        outcomes
    }

    /// Begins the work on as many items as are allowed.
    fn begin(&mut self) {
        while self.begun.len() < self.tasks_max {
            let Some(item) = self.items.next() else { return };
            let work = (self.work)(item);
            let timeout = self.timeout;
            let body = async move {
                tokio::select! {
                    biased;
                    value = work => Some(value),
                    () = sleep(timeout) => None,
                }
            };
            let spawn = if self.is_linked { Task::spawn_at } else { Task::spawn_nolink_at };
            let task = spawn(self.made_at, body);
            self.begun.push_back(task);
        }
    }

    /// Which task is to be handed out next.
    fn poll_settled(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let candidates = if self.is_ordered { 1 } else { self.begun.len() };
        let settled = (0..candidates).find(|index| self.begun[*index].poll_settled(cx).is_ready());
        settled.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<I, F, T: Send + 'static> fmt::Debug for TaskStream<I, F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskStream").field("begun", &self.begun).finish_non_exhaustive()
    }
}

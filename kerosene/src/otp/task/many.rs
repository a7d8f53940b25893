//! Several tasks at once, under a common deadline.

use std::time::Duration;

use tokio::time::Instant;

use super::{Task, TaskError};

/// Waits for the values of several tasks, in their order, but no longer than `timeout` for all
/// together.
///
/// The first that fails, in their order, fails the whole, and all others are ended. (Where tasks
/// are linked and their owner does not trap exits, it ends as soon as any of them fails.)
///
/// ```
/// use kerosene::otp::task::await_many;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let squares = (0..5_u64).map(|n| Task::spawn(async move { n * n }));
///     assert_eq!(await_many(squares, Duration::from_secs(1)).await, Ok(vec![0, 1, 4, 9, 16]));
/// });
/// ```
///
/// # Errors
///
/// [`TaskError`].
///
/// # Panics
///
/// If the current process is not the owner of all of them.
///
/// In Elixir: `Task.await_many/2`.
pub async fn await_many<T: Send + 'static>(
    tasks: impl IntoIterator<Item = Task<T>>,
    timeout: Duration,
) -> Result<Vec<T>, TaskError> {
    let deadline = Deadline::after(timeout);
    // All are started before any is waited for.
    let tasks: Vec<_> = tasks.into_iter().collect();
    let mut values = Vec::with_capacity(tasks.len());
    for task in tasks {
        values.push(task.timeout(deadline.left()).await?);
    }
    Ok(values)
}

/// Waits for several tasks, but no longer than `timeout` for all together, and says what has come
/// of each. Those that are not done, `None`, go on.
///
/// ```
/// use kerosene::otp::task::wait_many;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let mut tasks = [1, 50_000].map(|ms| Task::spawn(sleep(Duration::from_millis(ms))));
///     let done = wait_many(&mut tasks, Duration::from_millis(20)).await;
///     assert_eq!(done, [Some(Ok(())), None]);
/// });
/// ```
///
/// # Panics
///
/// If the current process is not the owner of all of them.
///
/// In Elixir: `Task.yield_many/2`.
pub async fn wait_many<T: Send + 'static>(
    tasks: &mut [Task<T>],
    timeout: Duration,
) -> Vec<Option<Result<T, TaskError>>> {
    let deadline = Deadline::after(timeout);
    let mut outcomes = Vec::with_capacity(tasks.len());
    for task in tasks {
        outcomes.push(task.wait(deadline.left()).await);
    }
    outcomes
}

/// When to stop waiting; never, if that is too far away to be said.
struct Deadline(Option<Instant>);

impl Deadline {
    fn after(timeout: Duration) -> Self {
        Self(Instant::now().checked_add(timeout))
    }

    fn left(&self) -> Duration {
        let left = |at: Instant| at.saturating_duration_since(Instant::now());
        self.0.map_or(Duration::MAX, left)
    }
}

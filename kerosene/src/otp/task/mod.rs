//! Tasks: processes that compute one value, for the process that started them.
//!
//! A task is a process like any other; what is added is the way of its value back. That is the way
//! of every answer: the owner sends the task a [`ReplyTo`] and holds the other end, so that no
//! value and no failure of a task is ever a message in the owner's mailbox.
//!
//! - K1: a task is done for somebody. A [`Task`] that is dropped ends its process, so nothing is
//!   left of work whose value nobody wants: not after a time-out, not after a panic of the owner,
//!   and not when the owner has ended as `Normal`, which a link would not tell.
//! - K2: a linked task takes its link away before it gives its value. So a link means that the
//!   value is not there yet, and the end of a task that has done its work is no `Exit` for anybody.
//! - K3: the owner sees a failure only after the link has told of it. One that does not trap exits
//!   has ended by then, and for one that does, the `Exit` is taken out of the mailbox again.

mod error;
mod many;
mod stream;

use std::fmt;
use std::future::poll_fn;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::sync::oneshot;

use super::call::{DEFAULT_TIMEOUT, Pending, ReplyTo, call_with};
use super::supervisor::{ChildSpec, DynamicSupervisorRef, Shutdown, StartChildError};
use crate::{
    Exit, ExitReason, Pid, SpawnOptions, exit_signal, in_process, is_alive, pid, process_info,
    receive, sleep, spawn_opt, try_pid, unlink, yield_now,
};

pub use error::TaskError;
pub use many::{await_many, wait_many};
pub use stream::{TaskStream, stream};

/// A value that a process of its own computes.
///
/// The process that starts a task is its owner, and the only one that can wait for it. `.await` on
/// a task waits for its value, five seconds at most; [`timeout`](Self::timeout) waits for another
/// time, and [`wait`](Self::wait) waits and keeps the task.
///
/// A task that was made by [`spawn`](Self::spawn) is linked to its owner: if it fails, the owner
/// ends too, unless it traps exits. The owner of a task that was made by
/// [`spawn_nolink`](Self::spawn_nolink) gets the failure as a [`TaskError`].
///
/// **Dropped, a task is ended** at its next await. (A linked one by its owner only: if the handle
/// was given away, the link decides.) For work whose value nobody wants there is
/// [`spawn`](crate::spawn).
///
/// ```
/// use kerosene::prelude::*;
///
/// async fn price(of: &str) -> u64 {
///     sleep(Duration::from_millis(10)).await;
///     of.len() as u64
/// }
///
/// kerosene::run(async {
///     let tea = Task::spawn(price("tea"));
///     let coffee = Task::spawn(price("coffee"));
///     assert_eq!(tea.await? + coffee.await?, 9);
///     Ok::<(), kerosene::otp::TaskError>(())
/// });
/// ```
///
/// In Elixir: `Task`.
#[must_use = "a task that is dropped is ended; use `spawn` for work without a value"]
pub struct Task<T: Send + 'static> {
    pid: Pid,
    owner: Pid,
    is_linked: bool,
    pending: Pending<T>,
    /// Its process has done its work or has ended.
    is_settled: bool,
    /// What has come of it, until it is taken.
    outcome: Option<Result<T, TaskError>>,
}

/// Tells a task whom its value is for.
struct Begin<T: Send + 'static>(ReplyTo<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts a task that is linked to the current process.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Task.async/1`.
    #[track_caller]
    pub fn spawn<F>(work: F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        Self::spawn_at(Location::caller(), work)
    }

    /// Starts a task that is not linked: if it fails, its owner gets an error.
    ///
    /// ```
    /// use kerosene::otp::TaskError;
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let task = Task::<u64>::spawn_nolink(async { exit("no idea") });
    ///     assert_eq!(task.await, Err(TaskError::Exited("no idea".into())));
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Task.Supervisor.async_nolink/2` without the supervisor.
    #[track_caller]
    pub fn spawn_nolink<F>(work: F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        Self::spawn_nolink_at(Location::caller(), work)
    }

    /// Starts a task as a child of a supervisor, which stops it when it stops itself. It is not
    /// linked to its owner, and not started again.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let tasks = DynamicSupervisor::new().max_children(10).start_link().await?;
    ///     let task = Task::spawn_under(tasks, async { 6 * 7 }).await?;
    ///     assert_eq!(task.await?, 42);
    ///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// [`StartChildError`], if the supervisor has as many children as it may have, or is not there.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Task.Supervisor.async_nolink/2`.
    #[track_caller]
    pub fn spawn_under<F>(
        supervisor: DynamicSupervisorRef,
        work: F,
    ) -> impl Future<Output = Result<Self, StartChildError>> + Send
    where
        F: Future<Output = T> + Send + 'static,
    {
        // Closes unused if the caller is cancelled before it knows the child.
        let (started, abandoned) = oneshot::channel();
        let body = async move {
            let reply_to = tokio::select! {
                reply_to = begin() => reply_to,
                Err(_) = abandoned => return,
            };
            reply_to.reply(work.await);
        };
        let spec = ChildSpec::once("task", body);
        async move {
            let child = supervisor.start_child(spec).await?;
            let task = Self::begin(child, false);
            let _ = started.send(());
            Ok(task)
        }
    }

    fn spawn_at<F>(caller: &'static Location<'static>, work: F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let owner = pid();
        let body = async move {
            let reply_to = begin().await;
            let value = work.await;
            unlink(owner);
            reply_to.reply(value);
        };
        let options = SpawnOptions::new().link().spawned_at(caller);
        Self::begin(spawn_opt(options, body).pid, true)
    }

    fn spawn_nolink_at<F>(caller: &'static Location<'static>, work: F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let body = async move {
            let reply_to = begin().await;
            reply_to.reply(work.await);
        };
        Self::begin(spawn_opt(SpawnOptions::new().spawned_at(caller), body).pid, false)
    }

    fn begin(task: Pid, is_linked: bool) -> Self {
        let pending = call_with(task, Begin).send();
        Self { pid: task, owner: pid(), is_linked, pending, is_settled: false, outcome: None }
    }

    /// The pid of the process that computes.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Waits for the value, but no longer than `timeout`. Then the task is ended; a value that has
    /// come by then counts. [`Duration::MAX`] is for ever.
    ///
    /// # Errors
    ///
    /// [`TaskError`].
    ///
    /// # Panics
    ///
    /// If the current process is not the owner of the task.
    ///
    /// In Elixir: `Task.await/2`, which ends the caller where this returns an error.
    pub async fn timeout(mut self, timeout: Duration) -> Result<T, TaskError> {
        self.wait(timeout).await.unwrap_or(Err(TaskError::Timeout))
    }

    /// Waits for the value, but no longer than `timeout`; then the task goes on, and can be waited
    /// for again. `None` is that there is nothing yet.
    ///
    /// The value is given once: a task that has given it fails with
    /// [`NoProc`](ExitReason::NoProc) from then on. Dropping the future that waits loses nothing.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let mut task = Task::spawn(async { receive! { n: u64 => n + 1 } });
    ///     assert_eq!(task.wait(Duration::from_millis(1)).await, None);
    ///     send(task.pid(), 7_u64);
    ///     assert_eq!(task.wait(Duration::MAX).await, Some(Ok(8)));
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If the current process is not the owner of the task.
    ///
    /// In Elixir: `Task.yield/2`.
    pub async fn wait(&mut self, timeout: Duration) -> Option<Result<T, TaskError>> {
        let mut is_over = pin!(sleep(timeout));
        let is_settled = poll_fn(|cx| match self.poll_settled(cx) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending => is_over.as_mut().poll(cx).map(|()| false),
        });
        if is_settled.await { Some(self.take().await) } else { None }
    }

    /// Ends the task, and returns when it has ended. `None` is that it has ended because of this;
    /// a value that has come before is returned, and so is another reason to end.
    ///
    /// How it is ended is said as for a child of a supervisor: after [`Shutdown::Brutal`] it is
    /// killed, with a [`Duration`] it is told to shut down, and killed after that time.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let endless = Task::spawn(sleep(Duration::MAX));
    ///     assert_eq!(endless.shutdown(Duration::from_secs(1)).await, None);
    ///
    ///     let mut quick = Task::spawn(async { 1 });
    ///     while is_alive(quick.pid()).await {}
    ///     assert_eq!(quick.shutdown(Shutdown::Brutal).await, Some(Ok(1)));
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If the current process is not the owner of the task.
    ///
    /// In Elixir: `Task.shutdown/2`.
    pub async fn shutdown(mut self, how: impl Into<Shutdown>) -> Option<Result<T, TaskError>> {
        self.check_owner();
        self.unlink();
        let patience = match how.into() {
            Shutdown::Brutal => Duration::ZERO,
            Shutdown::After(time) => time,
            Shutdown::Infinity => Duration::MAX,
        };
        if !patience.is_zero() {
            exit_signal(self.pid, ExitReason::Shutdown);
        }
        let mut outcome = self.wait(patience).await;
        if outcome.is_none() {
            exit_signal(self.pid, ExitReason::Kill);
            outcome = self.wait(Duration::MAX).await;
        }
        // What it had to say is there as soon as its body is gone; a moment later it is, too.
        while is_alive(self.pid).await {
            yield_now().await;
        }
        match outcome {
            Some(Err(TaskError::Exited(ExitReason::Shutdown | ExitReason::Killed))) => None,
            outcome => outcome,
        }
    }

    /// Whether something has come of it; then that is put aside, to be [taken](Self::take).
    fn poll_settled(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.check_owner();
        if self.outcome.is_none() {
            let outcome = ready!(Pin::new(&mut self.pending).poll(cx));
            self.is_settled = true;
            self.outcome = Some(outcome.map_err(TaskError::from));
        }
        Poll::Ready(())
    }

    /// Takes what has come of a task that is settled. Cancelled, it has taken nothing.
    async fn take(&mut self) -> Result<T, TaskError> {
        if self.is_linked && matches!(self.outcome, Some(Err(_))) {
            hear_of(self.pid).await;
            self.is_linked = false;
        }
        self.outcome.take().unwrap_or(Err(TaskError::Exited(ExitReason::NoProc)))
    }

    fn unlink(&mut self) {
        if self.is_linked {
            unlink(self.pid);
        }
    }

    #[track_caller]
    fn check_owner(&self) {
        let owner = self.owner;
        assert!(
            try_pid() == Some(owner),
            "a task is awaited by the process that has started it, here {owner}: start it where \
             it is awaited, or let its owner send the value on"
        );
    }
}

/// Awaits a task for five seconds at most, as [`Task::timeout`] does.
impl<T: Send + 'static> IntoFuture for Task<T> {
    type Output = Result<T, TaskError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.timeout(DEFAULT_TIMEOUT))
    }
}

/// Ends what is not done (K1).
impl<T: Send + 'static> Drop for Task<T> {
    fn drop(&mut self) {
        let is_owner = in_process() && try_pid() == Some(self.owner);
        if self.is_settled || (self.is_linked && !is_owner) {
            return; // A link can be taken away by its two ends only.
        }
        self.unlink();
        // The first ends it in order, which nobody needs to be told of; the second, one that traps
        // exits.
        exit_signal(self.pid, ExitReason::Shutdown);
        exit_signal(self.pid, ExitReason::Kill);
    }
}

impl<T: Send + 'static> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("pid", &self.pid).finish_non_exhaustive()
    }
}

/// In the task: waits to be told whom the value is for.
async fn begin<T: Send + 'static>() -> ReplyTo<T> {
    receive! { Begin(reply_to) => reply_to }
}

/// Waits until the link to a task that has failed has told so (K3). It is about to: by then the
/// task's body is gone.
async fn hear_of(task: Pid) {
    while process_info(pid()).await.is_some_and(|owner| owner.links.contains(&task)) {
        yield_now().await;
    }
    receive! { Exit { pid, .. } if pid == task => (), after Duration::ZERO => () }
}

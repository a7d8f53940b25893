//! Agents: a state in a process of its own, on which anybody may run functions.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::call::{CallError, Calling, call_with};
use super::gen_server::{self, GenServer, Init, Next};
use super::supervisor::ChildSpec;
use super::{StartError, StartOptions, sys};
use crate::{Dest, Destination, ExitReason, Name, Pid, cast, whereis};

/// A state of type `S` that a process keeps, and on which it runs the functions it is sent.
///
/// For state that several processes share and that needs no protocol: a cache, a counter, a list of
/// who is there. The functions run in the agent, one after the other, so each sees the state whole.
/// They should be short, since all others wait; one that panics ends the agent. When a state grows
/// rules of its own, make it an actor.
///
/// An `Agent` is the handle: small, `Copy`, and good for the one process it stands for. After a
/// restart there is another, which [`named`](Self::named) finds.
///
/// ```
/// use std::collections::HashMap;
///
/// use kerosene::otp::StartOptions;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let prices = Agent::start_link(StartOptions::new(), HashMap::new).await?;
///     prices.update(|prices| { prices.insert("tea", 3); }).await?;
///     assert_eq!(prices.get(|prices| prices["tea"]).await?, 3);
///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// });
/// ```
///
/// In Elixir: `Agent`.
pub struct Agent<S> {
    pid: Pid,
    /// Functions of `S` are sent, no `S` is held.
    state: PhantomData<fn(S)>,
}

// The two starts are not `async fn`s: rustc cannot show that the future of one is `Send` if `S` has
// a `&'static str` in it.
impl<S: Send + 'static> Agent<S> {
    /// Starts an agent that is linked to the current process, and waits until its state is made.
    /// The function that makes it runs in the agent.
    ///
    /// # Errors
    ///
    /// [`StartError`]; the process is dead then, and its names are free.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Agent.start_link/2`.
    #[track_caller]
    pub fn start_link(
        options: StartOptions,
        init: impl FnOnce() -> S + Send + 'static,
    ) -> impl Future<Output = Result<Self, StartError>> + Send {
        let start = gen_server::start_link::<State<S>>(options, Box::new(init));
        async { start.await.map(Self::from) }
    }

    /// Starts an agent without a link, and waits until its state is made.
    ///
    /// # Errors
    ///
    /// [`StartError`]; the process is dead then, and its names are free.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Agent.start/2`.
    #[track_caller]
    pub fn start(
        options: StartOptions,
        init: impl FnOnce() -> S + Send + 'static,
    ) -> impl Future<Output = Result<Self, StartError>> + Send {
        let start = gen_server::start::<State<S>>(options, Box::new(init));
        async { start.await.map(Self::from) }
    }

    /// An agent as the child of a supervisor, with a name by which it is [found](Self::named)
    /// however often it was restarted. Its state is made anew each time.
    ///
    /// ```
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     Supervisor::new(Strategy::OneForOne)
    ///         .child(Agent::child_spec("visits", || 0_u64))
    ///         .start_link()
    ///         .await?;
    ///     let visits = Agent::named("visits")?;
    ///     visits.cast(|count: &mut u64| *count += 1);
    ///     assert_eq!(visits.get(|count| *count).await?, 1);
    ///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// ```
    ///
    /// In Elixir: `Agent.child_spec/1`.
    #[track_caller]
    pub fn child_spec(
        name: impl Into<Name>,
        init: impl Fn() -> S + Send + Sync + 'static,
    ) -> ChildSpec {
        let (name, init, caller) = (name.into(), Arc::new(init), Location::caller());
        ChildSpec::new(name.clone(), move || {
            let init = Arc::clone(&init);
            Self::start_link(StartOptions::new().name(&name).spawned_at(caller), move || init())
        })
    }

    /// The agent that has a name now. Whether it keeps an `S` is not looked at; if it does not, it
    /// will not answer.
    ///
    /// # Errors
    ///
    /// [`CallError::NoProc`] if nobody has the name.
    pub fn named(name: &str) -> Result<Self, CallError> {
        whereis(name).map(Self::from).ok_or(CallError::NoProc)
    }

    /// The pid of the agent.
    pub fn pid(self) -> Pid {
        self.pid
    }

    /// Runs a function on the state, and returns its result.
    ///
    /// It waits as a [`call`](crate::call) does, for five seconds or what
    /// [`Calling::timeout`] says.
    ///
    /// # Errors
    ///
    /// [`CallError`]; [`CallError::Exited`] if the function has panicked.
    ///
    /// In Elixir: `Agent.get/3`.
    pub fn get<R: Send + 'static>(self, look: impl FnOnce(&S) -> R + Send + 'static) -> Calling<R> {
        self.get_and_update(|state| look(state))
    }

    /// Runs a function that changes the state, and waits until it has.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    ///
    /// In Elixir: `Agent.update/3`.
    pub fn update(self, change: impl FnOnce(&mut S) + Send + 'static) -> Calling<()> {
        self.get_and_update(change)
    }

    /// Runs a function that changes the state, and returns its result.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    ///
    /// In Elixir: `Agent.get_and_update/3`.
    pub fn get_and_update<R: Send + 'static>(
        self,
        change: impl FnOnce(&mut S) -> R + Send + 'static,
    ) -> Calling<R> {
        call_with(self.pid, move |reply_to| {
            Job::new(move |state: &mut S| reply_to.reply(change(state)))
        })
    }

    /// Sends a function that changes the state, and does not wait for it. It never fails.
    ///
    /// In Elixir: `Agent.cast/2`.
    pub fn cast(self, change: impl FnOnce(&mut S) + Send + 'static) {
        cast(self.pid, Job::new(change));
    }

    /// Stops the agent, and waits until it has ended.
    ///
    /// # Errors
    ///
    /// [`CallError`].
    ///
    /// In Elixir: `Agent.stop/3`.
    pub async fn stop(self) -> Result<(), CallError> {
        sys::stop(self.pid, ExitReason::Normal, Duration::MAX).await
    }
}

impl<S> From<Pid> for Agent<S> {
    fn from(pid: Pid) -> Self {
        Self { pid, state: PhantomData }
    }
}

impl<S> From<Agent<S>> for Pid {
    fn from(agent: Agent<S>) -> Self {
        agent.pid
    }
}

impl<S> Destination for Agent<S> {
    fn dest(&self) -> Dest<'_> {
        Dest::Pid(self.pid)
    }
}

// By hand: a derive would ask the same of `S`.
impl<S> Clone for Agent<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Agent<S> {}

impl<S> PartialEq for Agent<S> {
    fn eq(&self, other: &Self) -> bool {
        self.pid == other.pid
    }
}

impl<S> Eq for Agent<S> {}

impl<S> fmt::Debug for Agent<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Agent({})", self.pid)
    }
}

/// The server behind it.
struct State<S>(S);

/// What is asked of the server.
struct Job<S>(Box<dyn FnOnce(&mut S) + Send>);

impl<S> Job<S> {
    fn new(job: impl FnOnce(&mut S) + Send + 'static) -> Self {
        Self(Box::new(job))
    }
}

impl<S: Send + 'static> GenServer for State<S> {
    type Args = Box<dyn FnOnce() -> S + Send>;
    type Request = Job<S>;

    async fn init(init: Self::Args) -> Init<Self> {
        Init::Ready(Self(init()))
    }

    async fn handle_request(&mut self, Job(job): Job<S>) -> Next {
        job(&mut self.0);
        Next::Continue
    }

    fn describe(&self) -> String {
        format!("an agent's {}", type_name::<S>())
    }
}

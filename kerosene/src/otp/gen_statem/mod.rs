//! State machines: what an event does depends on the state, and some events have to wait for
//! another state.
//!
//! | file | what it is |
//! |---|---|
//! | `transition` | what a callback returns |
//! | `queue` | the order of events inside a machine: postponed, brought back, inserted |
//! | `timeouts` | which time-outs run, and which are cancelled by what |
//! | `server` | the loop that receives, calls back and carries out |
//!
//! `queue` and `timeouts` know neither processes nor time; `tests` holds them against a model that
//! says the same in another way.
//!
//! Often a state machine needs none of this: see [the guide](crate::guide::state_machines) for
//! states that are functions with a `receive!` in each.

mod queue;
mod server;
#[cfg(test)]
mod tests;
mod timeouts;
mod transition;

use std::any::type_name;
use std::panic::Location;

pub use self::transition::{Entered, Transition};

use self::server::serve;
use super::gen_server::Parentage;
use super::start::{self, StartError, StartOptions};
use super::supervisor::ChildSpec;
use super::sys::Inspect;
use crate::{ExitReason, Message, Monitor, Name, Pid};

/// A state machine: a state, data beside it, and what events do to both.
///
/// `Self` is the data; the state is a value of its own, of few possible values, by which is decided
/// what an event means. All that happens to the machine is an [`Event`](Self::Event): what it is
/// sent, what its time-outs bring, what it inserts itself, and other messages as far as
/// [`event`](Self::event) makes events of them. An event that is a request has a
/// [`ReplyTo`](crate::ReplyTo) in it.
///
/// Handling an event returns a [`Transition`]. The callbacks run one at a time, and none of them is
/// cancelled by anything but the end of the process.
///
/// ```
/// use kerosene::otp::gen_statem::{self, GenStatem, Init, Transition};
/// use kerosene::otp::StartOptions;
/// use kerosene::prelude::*;
///
/// /// A light in a staircase: whoever pushes the button has light for a while.
/// struct Light {
///     pushed: u32,
/// }
///
/// #[derive(Debug, PartialEq)]
/// enum State {
///     Off,
///     On,
/// }
///
/// enum Event {
///     Push,
///     TimeIsOver,
///     Count(ReplyTo<u32>),
/// }
///
/// impl GenStatem for Light {
///     type Args = ();
///     type State = State;
///     type Event = Event;
///
///     async fn init((): ()) -> Init<Self> {
///         Init::Ready(State::Off, Light { pushed: 0 })
///     }
///
///     async fn handle_event(&mut self, state: &State, event: Event) -> Transition<State, Event> {
///         match (state, event) {
///             (_, Event::Push) => {
///                 self.pushed += 1;
///                 Transition::to(State::On)
///                     .state_timeout(Duration::from_millis(20), Event::TimeIsOver)
///             }
///             (State::On, Event::TimeIsOver) => Transition::to(State::Off),
///             (State::Off, Event::TimeIsOver) => Transition::keep(),
///             // Whoever asks in the light is told when it is off.
///             (State::On, event @ Event::Count(_)) => Transition::keep().postpone(event),
///             (State::Off, Event::Count(reply_to)) => {
///                 Transition::keep().reply(reply_to, self.pushed)
///             }
///         }
///     }
/// }
///
/// kerosene::run(async {
///     let light = gen_statem::start_link::<Light>(StartOptions::new(), ()).await?;
///     cast(light, Event::Push);
///     cast(light, Event::Push);
///     assert_eq!(call_with(light, Event::Count).await, Ok(2));
///     Ok::<(), kerosene::otp::StartError>(())
/// });
/// ```
///
/// In Erlang: the behaviour `gen_statem`, in its `handle_event_function` mode with state enter
/// calls.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a state machine",
    label = "expected a type that implements `GenStatem`"
)]
pub trait GenStatem: Sized + Send + 'static {
    /// What it is started with.
    type Args: Send + 'static;

    /// By what is decided what an event does. Equal states are the same state.
    type State: PartialEq + Send + Sync + 'static;

    /// All that can happen to it.
    type Event: Send + 'static;

    /// Makes the first state and the data, in the new process. Whoever starts the machine waits
    /// for it.
    fn init(args: Self::Args) -> impl Future<Output = Init<Self>> + Send;

    /// Handles an event.
    fn handle_event(
        &mut self,
        state: &Self::State,
        event: Self::Event,
    ) -> impl Future<Output = Transition<Self::State, Self::Event>> + Send;

    /// Runs whenever a state has been entered: the first one, then with `old` and `state` the same;
    /// another one; and the same one again after [`Transition::repeat`]. As it is, it does nothing.
    ///
    /// It is the place for what belongs to a state however it was reached, such as its time-out.
    ///
    /// In Erlang: the state enter call.
    fn enter(
        &mut self,
        old: &Self::State,
        state: &Self::State,
    ) -> impl Future<Output = Entered<Self::Event>> + Send {
        let _ = (old, state);
        async { Entered::new() }
    }

    /// Makes an event of a message of another type. As it is, and for any message that it gives
    /// back, the first of each type is logged and all are dropped.
    ///
    /// ```
    /// # use kerosene::otp::gen_statem::{GenStatem, Init, Transition};
    /// use kerosene::prelude::*;
    ///
    /// enum Event {
    ///     Gone(Down),
    ///     Told(Exit),
    /// }
    /// # struct Machine;
    /// # impl GenStatem for Machine {
    /// # type Args = (); type State = (); type Event = Event;
    /// # async fn init((): ()) -> Init<Self> { Init::Ready((), Machine) }
    /// # async fn handle_event(&mut self, (): &(), event: Event) -> Transition<(), Event> {
    /// #   match event { Event::Gone(_) | Event::Told(_) => Transition::keep() } }
    ///
    /// // in the `impl`:
    /// fn event(message: Message) -> Result<Event, Message> {
    ///     let gone = message.downcast::<Down>().map(Event::Gone);
    ///     gone.or_else(|message| message.downcast::<Exit>().map(Event::Told))
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The message, if it is not known.
    ///
    /// In Erlang: events of type `info`.
    fn event(message: Message) -> Result<Self::Event, Message> {
        Err(message)
    }

    /// Tidies up before the end. When it runs and when not is said at
    /// [`GenServer::terminate`](super::GenServer::terminate).
    fn terminate(self, state: Self::State, reason: &ExitReason) -> impl Future<Output = ()> + Send {
        let _ = reason;
        drop((self, state));
        async {}
    }

    /// State and data as text, for [`sys::get_state`](super::sys::get_state).
    fn describe(&self, state: &Self::State) -> String {
        let _ = state;
        type_name::<Self>().to_owned()
    }
}

/// How an initialisation ended.
///
/// In Erlang: what `init/1` returns.
#[derive(Debug)]
#[non_exhaustive]
pub enum Init<M: GenStatem> {
    /// The machine is ready, in this state, with this data.
    Ready(M::State, M),
    /// It is ready, and handles this event first.
    Then(M::State, M, M::Event),
    /// It is not needed: the starter gets [`StartError::Ignored`].
    Ignore,
    /// It cannot start. The process ends as `Normal`, in silence; the starter gets the reason.
    Refuse(ExitReason),
    /// It has failed. The process ends with the reason, which goes over its links.
    Fail(ExitReason),
}

/// State and data of a machine, as [`sys::inspect`](super::sys::inspect) and
/// [`sys::replace_state`](super::sys::replace_state) see them.
///
/// A state that is replaced is not entered: it is for mending a machine by hand.
///
/// In Erlang: `{State, Data}` of `sys:get_state/1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine<M: GenStatem> {
    /// The state.
    pub state: M::State,
    /// The data.
    pub data: M,
}

impl<M: GenStatem> Inspect for Machine<M> {
    fn describe(&self) -> String {
        self.data.describe(&self.state)
    }
}

/// Starts a state machine, without a link, and waits until it is ready.
///
/// # Errors
///
/// [`StartError`]; the process is dead then, and its names are free.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `gen_statem:start/3,4`.
#[track_caller]
pub fn start<M: GenStatem>(
    options: StartOptions,
    args: M::Args,
) -> impl Future<Output = Result<Pid, StartError>> + Send {
    start::start(options, |starting| serve::<M>(starting, args, Parentage::None))
}

/// Starts a state machine that is linked to the current process, and waits until it is ready.
///
/// # Errors
///
/// [`StartError`]; the process is dead then, its names are free, and no `Exit` of it is left.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `gen_statem:start_link/3,4`.
#[track_caller]
pub fn start_link<M: GenStatem>(
    options: StartOptions,
    args: M::Args,
) -> impl Future<Output = Result<Pid, StartError>> + Send {
    start::start_link(options, |starting| serve::<M>(starting, args, Parentage::Linked))
}

/// Starts a state machine that the current process monitors, and waits until it is ready.
///
/// # Errors
///
/// [`StartError`]; the process is dead then, its names are free, and no `Down` of it is left.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `gen_statem:start_monitor/3,4`.
#[track_caller]
pub fn start_monitor<M: GenStatem>(
    options: StartOptions,
    args: M::Args,
) -> impl Future<Output = Result<(Pid, Monitor), StartError>> + Send {
    start::start_monitor(options, |starting| serve::<M>(starting, args, Parentage::None))
}

/// A state machine as the child of a supervisor, started with the same options and arguments each
/// time.
///
/// In Erlang: a child spec with `gen_statem:start_link/4` as its start.
#[track_caller]
pub fn child_spec<M>(id: impl Into<Name>, options: StartOptions, args: M::Args) -> ChildSpec
where
    M: GenStatem<Args: Clone + Sync>,
{
    let options = options.called_from(Location::caller());
    ChildSpec::new(id, move || start_link::<M>(options.clone(), args.clone()))
}

//! State machines: states that are functions, and `GenStatem` for those that need more.
//!
//! Something is a state machine when the same message means different things at different times:
//! a door, a connection, an order, a protocol. There are two ways to write one, and the first is
//! the one to begin with.
//!
//! # States as functions
//!
//! A process can be in a state by being in a function. The function receives what this state
//! understands, and returns or calls the next one when the state changes. What it has no arm for
//! stays in the mailbox, and is received in a state that has one: that is all there is to
//! postponing.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Coin;
//! struct Push(ReplyTo<&'static str>);
//!
//! /// A turnstile. Each state returns when it is over.
//! async fn turnstile() {
//!     loop {
//!         locked().await;
//!         open().await;
//!     }
//! }
//!
//! async fn locked() {
//!     loop {
//!         receive! {
//!             Coin => return,
//!             Push(reply_to) => reply_to.reply("pay first"),
//!         }
//!     }
//! }
//!
//! /// Lets one person through. Coins wait for the next; if nobody goes, it locks.
//! async fn open() {
//!     receive! {
//!         Push(reply_to) => reply_to.reply("go"),
//!         after Duration::from_millis(50) => (),
//!     }
//! }
//!
//! kerosene::run(async {
//!     let turnstile = spawn_link(turnstile());
//!     assert_eq!(call_with(turnstile, Push).await, Ok("pay first"));
//!     send(turnstile, Coin);
//!     send(turnstile, Coin);
//!     assert_eq!(call_with(turnstile, Push).await, Ok("go"));
//!     assert_eq!(call_with(turnstile, Push).await, Ok("go"));
//!     assert_eq!(call_with(turnstile, Push).await, Ok("pay first"));
//! });
//! ```
//!
//! Everything of the language is there: data of a state are its local variables, data of the
//! machine are arguments, a state inside another is a function that is called, and a state that
//! ends in more than one way returns an enum. `after` is a time-out of silence; for a time-out of
//! the state, which other messages do not put off, use
//! [`start_timer`](super::timers#after-or-a-timer).
//!
//! Make it a child of a supervisor by [`ChildSpec::process`](crate::ChildSpec::process), or by
//! [`otp::start_link`](crate::otp::start_link) if it has to say when it is ready.
//!
//! # `GenStatem`
//!
//! Functions become unhandy when there are many states that have much in common, when what is
//! common should be seen at a glance, or when the machine shall be looked into, suspended and
//! stopped as a server is ([`sys`](crate::otp::sys)). Then the state is a value:
//!
//! ```
//! use kerosene::otp::gen_statem::{self, Entered, GenStatem, Init, Transition};
//! use kerosene::otp::StartOptions;
//! use kerosene::prelude::*;
//!
//! /// A connection that is made when it is needed, and closed when it is not.
//! struct Connection {
//!     sent: Vec<String>,
//! }
//!
//! #[derive(Debug, PartialEq)]
//! enum State {
//!     Closed,
//!     Connecting,
//!     Open,
//! }
//!
//! enum Event {
//!     Send(String),
//!     Connected,
//!     Idle,
//!     Sent(ReplyTo<Vec<String>>),
//! }
//!
//! impl GenStatem for Connection {
//!     type Args = ();
//!     type State = State;
//!     type Event = Event;
//!
//!     async fn init((): ()) -> Init<Self> {
//!         Init::Ready(State::Closed, Self { sent: Vec::new() })
//!     }
//!
//!     /// What belongs to a state, however it was reached.
//!     async fn enter(&mut self, _: &State, state: &State) -> Entered<Event> {
//!         match state {
//!             // As if it took a while to connect.
//!             State::Connecting => {
//!                 schedule(Duration::from_millis(5), pid(), Event::Connected);
//!                 Entered::new()
//!             }
//!             State::Closed | State::Open => Entered::new(),
//!         }
//!     }
//!
//!     async fn handle_event(&mut self, state: &State, event: Event) -> Transition<State, Event> {
//!         match (state, event) {
//!             (State::Closed, event @ Event::Send(_)) => {
//!                 Transition::to(State::Connecting).postpone(event)
//!             }
//!             (State::Connecting, event @ Event::Send(_)) => Transition::keep().postpone(event),
//!             (State::Connecting, Event::Connected) => Transition::to(State::Open),
//!             (State::Open, Event::Send(text)) => {
//!                 self.sent.push(text);
//!                 Transition::keep().event_timeout(Duration::from_secs(60), Event::Idle)
//!             }
//!             (State::Open, Event::Idle) => Transition::to(State::Closed),
//!             (State::Open, Event::Sent(reply_to)) => {
//!                 Transition::keep().reply(reply_to, self.sent.clone())
//!             }
//!             (_, event @ Event::Sent(_)) => Transition::keep().postpone(event),
//!             (_, Event::Connected | Event::Idle) => Transition::keep(),
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let connection = gen_statem::start_link::<Connection>(StartOptions::new(), ()).await?;
//!     cast(connection, Event::Send("hello".to_owned()));
//!     cast(connection, Event::Send("world".to_owned()));
//!     assert_eq!(call_with(connection, Event::Sent).await?, ["hello", "world"]);
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! The compiler checks that the `match` names every event in every state, which is much of what a
//! state machine is for: write out the last arm instead of `_`.
//!
//! # The order of things
//!
//! An event is handled to its end before the next one is looked at. The next one is
//!
//! 1. what was inserted by [`next_event`](crate::Transition::next_event), first inserted first;
//! 2. what was postponed before the state last changed, first postponed first;
//! 3. a time-out of [`Duration::ZERO`](std::time::Duration::ZERO), first set first;
//! 4. what is received next: a message, or a time-out whose time has come.
//!
//! Three kinds of time-outs differ in what cancels them:
//!
//! | time-out | set by | cancelled by |
//! |---|---|---|
//! | of the state | [`state_timeout`](crate::Transition::state_timeout) | a change of state |
//! | of silence | [`event_timeout`](crate::Transition::event_timeout) | any event |
//! | by name | [`timeout`](crate::Transition::timeout) | nothing of itself |
//!
//! A time-out is an event of your own, and says so what has timed out. One that is cancelled never
//! comes, even if its time is over and it waits in the mailbox.
//!
//! # Which one?
//!
//! | | functions | `GenStatem` |
//! |---|---|---|
//! | postponing | what has no arm stays | [`postpone`](crate::Transition::postpone) |
//! | unknown messages | stay, unless an arm `_` drops them | logged and dropped |
//! | common to all states | a function that each calls | an arm `(_, event)` |
//! | `sys`: look into, suspend, stop | none | as a server |
//! | a crash in the middle | ends the process | runs `terminate` first |
//!
//! `examples/door_lock.rs` in the repository is one door in both ways.
//!
//! # What differs from Erlang
//!
//! * All events are of one type, where Erlang has `call`, `cast`, `info`, `timeout` and `internal`
//!   beside the content. What a time-out brings is an event like any other.
//! * A handler owns its event, so to postpone it is to give it back. It could give back another
//!   one; do not.
//! * There is one handler for all states (`handle_event_function`). The `match` on the state takes
//!   the place of `state_functions`.
//! * A state enter call returns another type than a handler, so what it must not do does not
//!   compile, where Erlang stops the machine.
//! * There are no absolute times, no `hibernate` and no `change_callback_module`.

//! Coming from actix, ractor or kameo: the same things side by side, and what becomes different.
//!
//! In those frameworks an actor is a type: a struct with one handler for each type of message,
//! which the framework calls. In Kerosene a process is a future: your code runs, and *it* asks
//! for messages when and where it wants some. The rest follows from that. (The listings are for
//! actix 0.13, ractor 0.16 and kameo 0.22, shortened by their `use` lines; Kerosene's runs.)
//!
//! # A counter that answers
//!
//! actix:
//!
//! ```text
//! #[derive(Message)]
//! #[rtype(result = "u64")]
//! struct Add(u64);
//!
//! struct Counter { count: u64 }
//!
//! impl Actor for Counter {
//!     type Context = Context<Self>;
//! }
//!
//! impl Handler<Add> for Counter {
//!     type Result = u64;
//!
//!     fn handle(&mut self, Add(n): Add, _: &mut Self::Context) -> u64 {
//!         self.count += n;
//!         self.count
//!     }
//! }
//!
//! let counter = Counter { count: 0 }.start();
//! let count = counter.send(Add(3)).await?;
//! ```
//!
//! ractor:
//!
//! ```text
//! struct Counter;
//!
//! enum CounterMessage { Add(u64, RpcReplyPort<u64>) }
//!
//! impl Actor for Counter {
//!     type Msg = CounterMessage;
//!     type State = u64;
//!     type Arguments = u64;
//!
//!     async fn pre_start(&self, _: ActorRef<Self::Msg>, start: u64)
//!         -> Result<u64, ActorProcessingErr> { Ok(start) }
//!
//!     async fn handle(&self, _: ActorRef<Self::Msg>, message: Self::Msg, count: &mut u64)
//!         -> Result<(), ActorProcessingErr>
//!     {
//!         match message {
//!             CounterMessage::Add(n, reply) => {
//!                 *count += n;
//!                 reply.send(*count)?;
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let (counter, _join) = Actor::spawn(None, Counter, 0).await?;
//! let count = call_t!(counter, CounterMessage::Add, 5000, 3)?;
//! ```
//!
//! kameo:
//!
//! ```text
//! #[derive(Actor)]
//! struct Counter { count: u64 }
//!
//! struct Add(u64);
//!
//! impl Message<Add> for Counter {
//!     type Reply = u64;
//!
//!     async fn handle(&mut self, Add(n): Add, _: &mut Context<Self, u64>) -> u64 {
//!         self.count += n;
//!         self.count
//!     }
//! }
//!
//! let counter = Counter::spawn(Counter { count: 0 });
//! let count = counter.ask(Add(3)).await?;
//! ```
//!
//! Kerosene:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Add { n: u64, reply_to: Alias }
//! struct Count(Reference, u64);
//!
//! async fn counter(mut count: u64) {
//!     loop {
//!         receive! { Add { n, reply_to } => {
//!             count += n;
//!             send(reply_to, Count(reply_to.reference(), count));
//!         } }
//!     }
//! }
//!
//! async fn add(counter: Pid, n: u64) -> Result<u64, ExitReason> {
//!     let (watch, reply_to) = monitor_alias(counter, AliasMode::ReplyDemonitor);
//!     send(counter, Add { n, reply_to });
//!     receive! {
//!         Count(reference, count) if reference == watch.reference() => Ok(count),
//!         Down { monitor, reason, .. } if monitor == watch => Err(reason),
//!     }
//! }
//!
//! kerosene::run(async {
//!     let counter = spawn(counter(0));
//!     assert_eq!(add(counter, 3).await, Ok(3));
//! });
//! ```
//!
//! For a plain server this is more to write: the request and the answer are both visible. A macro
//! `#[actor]` that writes `add` and the loop is to come. It will stand on what you see here, and
//! any process will still be able to do all that the rest of this page shows.
//!
//! # What a handler cannot do
//!
//! *Wait for one message among others.* A process may take what it needs now and leave the rest
//! for later, in the middle of whatever it does. In a framework of handlers this is a field with
//! a state, a queue of what came too early, and a match on both in every handler.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Login(&'static str);
//! struct Password(&'static str);
//! struct Line(&'static str);
//! struct Bye;
//!
//! async fn session(log: Pid) -> Result<(), &'static str> {
//!     let name = receive! {
//!         Login(name) => name,
//!         after Duration::from_secs(30) => return Err("no login"),
//!     };
//!     receive! {
//!         Password(word) if word == "sesame" => {}
//!         Password(_) => return Err("wrong password"),
//!         after Duration::from_secs(30) => return Err("no password"),
//!     }
//!     loop {
//!         receive! {
//!             Line(text) => send(log, format!("{name}: {text}")),
//!             Bye => return Ok(()),
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let session = spawn(session(pid()));
//!     send(session, Line("too early, so it waits"));
//!     send(session, Login("ali"));
//!     send(session, Password("sesame"));
//!     receive! { line: String => assert_eq!(line, "ali: too early, so it waits") }
//! });
//! ```
//!
//! *Await in the middle of its work without stopping the whole actor, or losing exclusive state.*
//! A process awaits a socket, a timer and its mailbox at once, with `tokio::select!`, in one
//! function with local variables.
//!
//! *Take a message of any type.* A pid is not tied to a set of messages. The runtime's own, such
//! as
//! [`Down`](crate::Down), arrive in the same mailbox and are selected in the same way.
//!
//! The price: the compiler does not check that the receiver knows the messages it is sent. Hide
//! them behind functions, as `add` does, or behind a type that wraps the pid; a handle type of
//! your own can be sent to when it implements [`Destination`](crate::Destination).
//!
//! # Word for word
//!
//! | you write | actix | ractor | kameo | here |
//! |---|---|---|---|---|
//! | start | `.start()` | `Actor::spawn` | `A::spawn` | `spawn(future)` |
//! | the handle | `Addr<A>` | `ActorRef<M>` | `ActorRef<A>` | [`Pid`], which is `Copy` |
//! | send | `do_send` | `cast!` | `tell().await` | `send`, never waits |
//! | ask | `send().await` | `call!` | `ask().await` | a function with [`monitor_alias`] |
//! | state | fields | `type State` | fields | local variables |
//! | on start | `started` | `pre_start` | `on_start` | what stands before the loop |
//! | on stop | `stopped` | `post_stop` | `on_stop` | what stands after it; `Drop` |
//! | stop | `ctx.stop()` | `.stop(..)` | `.stop_gracefully()` | `exit`, [`exit_signal`] |
//! | a message later | `ctx.notify_later` | `send_after` | `tokio::time` | [`schedule`] |
//! | again and again | `run_interval` | `send_interval` | `tokio::time` | [`schedule_interval`] |
//! | a name | `SystemRegistry` | `registry` | `registry` | [`register`](crate::register) |
//! | hear of an end | | `SupervisionEvent` | `on_link_died` | [`monitor`], [`link`] |
//! | restart | `Supervisor` | in the event | `supervise` | [a supervisor] |
//! | work that blocks | `SyncArbiter` | tokio's | tokio's | [`blocking`] |
//!
//! # What to unlearn
//!
//! * **Pids own nothing.** actix and kameo stop an actor when its last handle is dropped. A
//!   process ends when its body does, or when a signal ends it; link it to what it is part of. On
//!   the other hand, cycles of pids are harmless.
//! * **A send does not tell** whether the receiver is alive. That answer would be out of date
//!   when it arrives. Ask and wait for the answer or the `Down`, or monitor.
//! * **No mailbox has a bound**, where actix' has 16 places and kameo's 64 by default. Where a
//!   producer can outrun a consumer, let it wait for answers.
//! * **A link goes both ways**, and ends both, unless one traps exits. There is no parent by
//!   itself: a process that spawns another has no more to do with it than any.
//! * **Panics are caught** and become an exit reason. Do not wrap code in `catch_unwind`.
//! * **Nobody calls you.** A process that neither receives nor awaits hears of nothing, and
//!   cannot be stopped.
//!
//! # Moving over
//!
//! Kerosene runs beside the others: [`RuntimeBuilder::tokio`](crate::RuntimeBuilder::tokio) puts
//! processes on the tokio runtime that a program has, `send` works from any thread or task, and a
//! process may await another framework's `ask`. So one actor at a time will do:
//!
//! 1. Turn its messages into plain structs, with a `reply_to: Alias` where there is an answer.
//! 2. Turn its handlers into the arms of one `receive!` in a loop, its fields into local
//!    variables.
//! 3. Give each request a function; let the old handle's methods call it.
//! 4. Make it a child of a [supervisor](super::supervision_trees), or let whoever supervised it
//!    monitor or link to it.
//! 5. Port its tests to [`#[kerosene::test]`](super::testing), and take the sleeps out.
//!
//! [`Pid`]: crate::Pid
//! [`monitor_alias`]: crate::monitor_alias
//! [`exit_signal`]: crate::exit_signal
//! [`schedule`]: crate::schedule
//! [`schedule_interval`]: crate::schedule_interval
//! [`monitor`]: crate::monitor
//! [`link`]: crate::link
//! [a supervisor]: super::supervision_trees
//! [`blocking`]: crate::blocking

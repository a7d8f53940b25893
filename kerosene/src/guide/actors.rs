//! Actors: modules that are servers.
//!
//! Most processes of a program keep a state and answer requests. [`#[actor]`](macro@crate::actor)
//! writes what they have in common: the loop, the messages, and a client with a method for each
//! request. What remains is a module with a type and its methods, as a module of Elixir's with
//! `use GenServer`.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! #[kerosene::actor]
//! pub mod stock {
//!     use std::collections::HashMap;
//!
//!     use kerosene::prelude::*;
//!
//!     /// What is on the shelves.
//!     #[derive(Debug)]
//!     pub struct Stock {
//!         items: HashMap<String, u32>,
//!         waiting: Vec<(String, ReplyTo<()>)>,
//!     }
//!
//!     impl Stock {
//!         #[init]
//!         pub fn new(first: &'static [(&'static str, u32)]) -> Self {
//!             let items = first.iter().map(|(item, n)| (item.to_string(), *n)).collect();
//!             Self { items, waiting: Vec::new() }
//!         }
//!
//!         /// Takes some, if there are as many.
//!         #[call]
//!         pub fn take(&mut self, item: String, n: u32) -> Result<u32, &'static str> {
//!             let there = self.items.get_mut(&item).ok_or("never heard of it")?;
//!             *there = there.checked_sub(n).ok_or("not that many")?;
//!             Ok(*there)
//!         }
//!
//!         /// Answers when something comes in.
//!         #[call(timeout = "infinity")]
//!         pub fn wait_for(&mut self, item: String, reply_to: ReplyTo<()>) {
//!             self.waiting.push((item, reply_to));
//!         }
//!
//!         /// Something comes in.
//!         #[cast]
//!         pub fn put(&mut self, item: String, n: u32) {
//!             for (_, reply_to) in self.waiting.extract_if(.., |(wanted, _)| *wanted == item) {
//!                 reply_to.reply(());
//!             }
//!             *self.items.entry(item).or_default() += n;
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let stock = stock::start_link(&[("tea", 3)]).await?;
//!     assert_eq!(stock.take("tea".into(), 2).await?, Ok(1));
//!     assert_eq!(stock.take("ink".into(), 1).await?, Err("never heard of it"));
//!     let ink = stock.wait_for("ink".into()).send();
//!     stock.put("ink".into(), 10);
//!     ink.await?;
//!     stock.stop().await?;
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! `stock::start_link` starts the process and waits until `#[init]` has run in it. What it returns,
//! a `stock::Ref`, is a pid that knows what can be asked of it: `stock.take(..)` is a
//! [call](super::calls), `stock.put(..)` a cast. It is `Copy`, and can be sent around. The process
//! is one like any other: whoever has its pid can send it anything, link to it and monitor it.
//!
//! # The callbacks
//!
//! [`#[actor]`](macro@crate::actor) has the table of all attributes. In short:
//!
//! * **`#[init]`** runs first, in the new process, and returns the state or a `Result`. An error
//!   means that the actor does not start: `start_link` returns it as
//!   [`StartError::Failed`](crate::otp::StartError::Failed), and nothing is left of the process.
//!   What is long should not be done here, since somebody waits: return `(state,
//!   Next::continue_with(..))` and do it in `#[continue_with]`, which runs before any message.
//! * **`#[call]`** answers by returning. A `Result` is an answer like any other. With a `ReplyTo`
//!   at the end of its parameters it answers later; with `#[call(spawn)]` it runs in a process of
//!   its own, beside the actor, on a clone of the state.
//! * **`#[cast]`** answers nothing. An `Err` from it stops the actor.
//! * **`#[info]`** takes what is not a request: [`Down`](crate::Down), [`Exit`](crate::Exit),
//!   ticks, anything. The parameter says which, as an arm of `receive!` does.
//! * **`#[terminate]`** tidies up. It runs at a `Next::Stop`, after a crash of a callback, and when
//!   the parent tells an actor that traps exits to stop. It does not run when an exit signal ends
//!   the process; what must happen in any case belongs into a `Drop`.
//!
//! They run one after the other, in the order of the mailbox, and may await. While one awaits, the
//! actor answers nobody: for what takes long there are `#[call(spawn)]` and processes.
//!
//! Which messages are there and which method takes them:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! #[kerosene::actor]
//! pub mod watch {
//!     use kerosene::prelude::*;
//!
//!     pub struct Tick;
//!
//!     #[derive(Default)]
//!     pub struct Watch {
//!         seconds: u64,
//!         gone: Vec<Pid>,
//!     }
//!
//!     impl Watch {
//!         #[call]
//!         pub fn guard(&mut self, whom: Pid) {
//!             monitor(whom);
//!         }
//!
//!         #[call]
//!         pub fn gone(&self) -> Vec<Pid> {
//!             self.gone.clone()
//!         }
//!
//!         #[info]
//!         fn tick(&mut self, Tick: Tick) -> Next {
//!             self.seconds += 1;
//!             if self.seconds < 60 { Next::Continue } else { Next::Stop(ExitReason::Normal) }
//!         }
//!
//!         #[info(if reason.is_abnormal())]
//!         fn crashed(&mut self, Down { pid, reason, .. }: Down) {
//!             println!("{pid}: {reason}");
//!             self.gone.push(pid);
//!         }
//!
//!         #[info]
//!         fn ended(&mut self, Down { pid, .. }: Down) {
//!             self.gone.push(pid);
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let watch = watch::start_link().await?;
//!     let worker = spawn(async { receive! { "go" => () } });
//!     watch.guard(worker).await?;
//!     send(worker, "go");
//!     while watch.gone().await?.is_empty() {}
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! A message that no method takes is reported once for its type and dropped.
//!
//! # Names
//!
//! `stock::start_named("stock", ..)` registers the process before `#[init]` runs.
//! `stock::Ref::named("stock")?` is a reference to the process that has the name now;
//! `stock::Ref::by_name("stock")` looks the name up for each request, so it goes on working when a
//! supervisor has started the actor anew. An actor takes its name where it is started, so the spec
//! of a child with a name says how:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! #[kerosene::actor]
//! mod stock {
//!     pub struct Stock {
//!         apples: u32,
//!     }
//!
//!     impl Stock {
//!         #[init]
//!         pub fn new(apples: u32) -> Self {
//!             Self { apples }
//!         }
//!
//!         #[call]
//!         pub fn apples(&self) -> u32 {
//!             self.apples
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let child = ChildSpec::new("stock", || stock::start_named("stock", 3));
//!     Supervisor::new(Strategy::OneForOne).child(child).start_link().await?;
//!     assert_eq!(stock::Ref::by_name("stock").apples().await?, 3);
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! # Stopping
//!
//! `stock.stop()` stops the actor from outside, [`Next::Stop`](crate::Next::Stop) from one of its
//! callbacks. The function [`stop`](crate::stop) of the prelude is another thing: it stops the
//! whole runtime.
//!
//! # Testing
//!
//! The state is an ordinary type: call its methods. What concerns messages and time is tested with
//! [`#[kerosene::test]`](macro@crate::test), where hours pass at once and a seed chooses the order.
//!
//! # Without the macro
//!
//! [`GenServer`](crate::otp::GenServer) is the trait that the macro implements. By hand, requests
//! are an enum of one's own, with a `ReplyTo` where there is an answer, and clients use
//! [`call_with`](crate::call_with).
//!
//! # What differs from Erlang
//!
//! * Callbacks change the state in place. After a crash `terminate` sees what the callback has left
//!   behind, not the state before it.
//! * `handle_call` and `handle_cast` are one method for each request.
//! * A time-out of the server, [`Next::Timeout`](crate::Next::Timeout), is put off by messages, not
//!   by what [`sys`](crate::otp::sys) asks.
//! * There is no `code_change` and nothing to hibernate.

//! The macros of Kerosene: [`receive!`], [`#[actor]`](macro@actor),
//! [`#[supervisor]`](macro@supervisor), [`#[main]`](macro@main) and [`#[test]`](macro@test).
//!
//! Use them through `kerosene`: they expand to calls into `kerosene::macro_support`, where all
//! logic is. Each parses, checks and expands in modules of its own, reports all mistakes at once
//! through `diagnostics`, and after a mistake still expands the rest to typed code.

#![forbid(unsafe_code)]

mod actor;
mod arguments;
mod diagnostics;
mod duration;
mod entry;
mod receive;
mod supervisor;

use proc_macro::TokenStream;

use entry::Entry;

/// Waits for the first message that matches an arm, takes it out of the mailbox and runs the arm.
///
/// ```
/// use kerosene::prelude::*;
///
/// struct Deposit { amount: u64, from: Pid }
/// enum Shape { Circle(u64), Sphere(u64) }
/// struct Stop;
///
/// async fn next(limit: u64) -> String {
///     receive! {
///         Deposit { amount, .. } if amount > limit => format!("ask about {amount}"),
///         Deposit { from, .. } => format!("thank {from}"),
///         Shape::Circle(r) | Shape::Sphere(r) => format!("round, {r}"),
///         n @ 1..=9: u64 => format!("small, {n}"),
///         text: String if text.starts_with('!') => text,
///         Stop => return "stopped".to_owned(),
///         other => format!("what is a {}?", other.type_name()),
///         after Duration::from_secs(1) => "nothing".to_owned(),
///     }
/// }
///
/// #[kerosene::main]
/// async fn main() {
///     send(pid(), Shape::Sphere(3));
///     send(pid(), 7_u64);
///     assert_eq!(next(100).await, "round, 3");
///     assert_eq!(next(100).await, "small, 7");
/// }
/// ```
///
/// The messages are examined oldest first, each against the arms from top to bottom. What matches
/// no arm stays in the mailbox, in its place. While no message matches, the process waits; a
/// message that was rejected once is not examined again by the same `receive!`.
///
/// `receive!` is an expression like `match`: the arms' bodies have one type, a body is a block or
/// ends with a comma, and `return`, `break`, `continue`, `?` and `.await` in a body mean what they
/// mean outside. The body runs after the message is out of the mailbox; a `receive!` in it starts
/// at the oldest message again.
///
/// # Which messages an arm takes
///
/// Messages have any type, and an arm takes messages of one type: the one that the compiler infers
/// from the pattern, or the one written after it.
///
/// | arm | takes |
/// |---|---|
/// | `Ping(from)`, `Shape::Circle(r)`, `Stop`, `LIMIT` | the type of the struct, enum or constant |
/// | `"stop"`, `'x'`, `true`, `7u8`, `'a'..='z'` | `&'static str`, `char`, `bool`, `u8`, `char` |
/// | `1..=9: u64`, `(name, age): (String, u32)`, `_: Tick` | the type after the `:` |
/// | `other`, `_`, `other @ _` | every message, as a `Message` |
///
/// A pattern that names no type by itself needs one: bare numbers, tuples, slices, `Some(x)`. A
/// bare name that begins with an upper-case letter is a constant or a unit struct, never a binding.
/// Nothing can stand behind a catch-all, unless it has a guard.
///
/// # Bindings and guards
///
/// Bindings are by value, because the message belongs to the body; hence there is no `ref`. In a
/// typed arm the type is `'static`, and `&str` means `&'static str`.
///
/// A guard sees the bindings as a guard of `match` does, before the message is taken. It runs once
/// for each candidate (once for each alternative of an or-pattern that fits, as in `match`), and it
/// cannot wait or leave: no `.await`, `?`, `return`. A panic in a guard leaves the message in the
/// mailbox.
///
/// `#[cfg]` before an arm decides whether it is there; lint attributes concern its body.
///
/// # The time-out
///
/// `after time => body`, as the last arm, runs when no message has matched for that long. The time
/// is a `Duration`, evaluated once. `Duration::ZERO` examines everything that is in the mailbox
/// first, `Duration::MAX` is never. Messages that do not match do not prolong it.
///
/// `after` is an ordinary name everywhere else. At the head of an arm it is one when `:`, `@` or
/// `|` follows; write `after @ _` or `r#after` for a catch-all of that name.
///
/// # Cancel safety
///
/// Dropping a waiting `receive!`, as `tokio::select!` and time-outs do, loses no message and
/// changes no order.
///
/// # Panics
///
/// Outside of a process there is no mailbox; the panic says so.
///
/// # In Erlang
///
/// `receive Pattern when Guard -> Body; ... after Time -> Body end`. Differences: a guard may call
/// any function, a panic in it is not "no match" but a panic, and the time is a `Duration`.
#[proc_macro]
pub fn receive(input: TokenStream) -> TokenStream {
    receive::receive(input.into()).into()
}

/// Makes an `async fn` the first process of a program.
///
/// ```
/// use std::num::ParseIntError;
///
/// use kerosene::prelude::*;
///
/// #[kerosene::main(worker_threads = 2, name = "shop", stop_deadline = "500ms")]
/// async fn main() -> Result<(), ParseIntError> {
///     let shop = pid();
///     spawn(async move { send(shop, "12") });
///     let amount: u64 = receive! { text: &str => text.parse()? };
///     assert_eq!(amount, 12);
///     Ok(())
/// }
/// ```
///
/// The function becomes a plain `fn main` that starts a `Runtime`, runs the body as its first
/// process and, when that has ended, or on SIGINT or SIGTERM, stops all other processes in order.
/// Whatever a process may end with can be returned. The exit code of the program is 0 for an
/// orderly end, and 1 for an abnormal one and for one by another process, as when the link to a
/// supervisor that gave up ends `main`. It is 70 if processes had to be killed, 130 after SIGINT
/// and 143 after SIGTERM.
///
/// # Arguments
///
/// | argument | meaning |
/// |---|---|
/// | `app` | the function returns an `Application`, which is the program: see the guide |
/// | `worker_threads = 2` | how many threads run processes; one per core without it |
/// | `spare_cores = 1` | how many cores to leave to others |
/// | `busy_wait = "50us"` | how long a thread without work looks for some before it sleeps |
/// | `name = "shop"` | the name of the runtime, for threads and reports |
/// | `stop_deadline = "5s"` | how long processes may take to stop before they are killed |
///
/// Times are a whole number and a unit, `us`, `ms`, `s`, `m` or `h`. The values are literals; a
/// program that computes them builds its `Runtime` with `Runtime::builder()`, which has the same
/// defaults.
///
/// # In Erlang
///
/// The start of an application by a release, and `init:stop/0` at its end.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::entry(Entry::Main, arguments.into(), &item.into()).into()
}

/// Makes an `async fn` a test whose body runs as a process.
///
/// ```
/// use kerosene::prelude::*;
///
/// #[kerosene::test(seeds = 200)]
/// async fn messages_of_one_sender_arrive_in_order() {
///     let test = pid();
///     spawn(async move {
///         send(test, 1_u64);
///         send(test, 2_u64);
///     });
///     for expected in 1..=2 {
///         receive! { n: u64 => assert_eq!(n, expected) }
///     }
/// }
/// ```
///
/// The test runs on the simulated scheduler: one thread, virtual time, and an order of processes
/// that a seed decides, so the same seed is the same run. A failing test prints its seed, and
/// `KEROSENE_SEED=17` in the environment replays it. The test fails when its process ends
/// abnormally, or is ended by another before its body is over.
///
/// Docs and attributes (`#[ignore]`, `#[cfg]`) stay with the function, and it may return whatever a
/// process may end with, as a `Result` for `?`.
///
/// # Arguments
///
/// | argument | meaning |
/// |---|---|
/// | `seeds = 200` | runs the test with that many different seeds |
/// | `real` | runs it on the real scheduler, with threads and real time |
/// | `worker_threads = 2` | how many threads, with `real` |
///
/// # In Erlang
///
/// A Common Test case, which is a process too; the seeds are what `PropEr` and Concuerror are for.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::entry(Entry::Test, arguments.into(), &item.into()).into()
}

/// Makes a module an actor: a server with a state, whose methods are what can be asked of it.
///
/// ```
/// use kerosene::prelude::*;
///
/// #[kerosene::actor]
/// pub mod counter {
///     use kerosene::prelude::*;
///
///     pub struct Tick(pub u64);
///
///     pub struct Counter {
///         count: u64,
///         limit: u64,
///         waiting: Vec<(u64, ReplyTo<u64>)>,
///     }
///
///     impl Counter {
///         #[init]
///         pub fn new(limit: u64) -> Result<Self, &'static str> {
///             if limit == 0 {
///                 return Err("a counter counts to something");
///             }
///             Ok(Self { count: 0, limit, waiting: Vec::new() })
///         }
///
///         /// Adds, and says how many there are.
///         #[call]
///         pub fn add(&mut self, by: u64) -> u64 {
///             self.count += by;
///             let (reached, waiting) =
///                 self.waiting.drain(..).partition(|(n, _)| *n <= self.count);
///             self.waiting = waiting;
///             let reached: Vec<(u64, ReplyTo<u64>)> = reached;
///             reached.into_iter().for_each(|(_, reply_to)| reply_to.reply(self.count));
///             self.count
///         }
///
///         /// Waits until there are `n`.
///         #[call(timeout = "30s")]
///         pub fn wait_for(&mut self, n: u64, reply_to: ReplyTo<u64>) {
///             self.waiting.push((n, reply_to));
///         }
///
///         #[cast]
///         pub async fn reset(&mut self) {
///             self.count = 0;
///         }
///
///         #[info]
///         fn tick(&mut self, Tick(n): Tick) -> Next {
///             if n > self.limit { Next::Stop(ExitReason::Normal) } else { Next::Continue }
///         }
///     }
/// }
///
/// #[kerosene::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///     let counter = counter::start_link(100).await?;
///     assert_eq!(counter.add(3).await?, 3);
///     counter.reset();
///     let waiting = counter.wait_for(2).send();
///     assert_eq!(counter.add(2).timeout(Duration::from_secs(1)).await?, 2);
///     assert_eq!(waiting.await?, 2);
///     counter.stop().await?;
///     assert_eq!(counter.add(1).await, Err(CallError::NoProc));
///     Ok(())
/// }
/// ```
///
/// # Callbacks
///
/// They are methods of the state, in one `impl` block or several, sync or async. (An async one that
/// takes `&self` needs a state that is `Sync`; `&mut self` does not.)
///
/// | attribute | runs | takes | returns |
/// |---|---|---|---|
/// | `#[init]` | first, in the new process | arguments | the state, see below |
/// | `#[call]` | when it is called | `&mut self`, arguments | the answer, or `(answer, Next)` |
/// | | | the same and a `ReplyTo<T>` | nothing, or `Next`; the answer comes later |
/// | `#[call(spawn)]` | in a process of its own | `&self`, a clone, or nothing | the answer |
/// | `#[cast]` | when it is cast | `&mut self`, arguments | nothing, `Next`, or a `Result` |
/// | `#[info]` | for any other message of its type | `&mut self`, the message | the same |
/// | `#[continue_with]` | after `Next::continue_with(value)` | `&mut self`, the value | the same |
/// | `#[terminate]` | before a regular end | `self` or `&mut self`, `&ExitReason` | nothing |
///
/// `#[init]` returns the state, `(state, Next)` with what to do first, a `Result` of either, or an
/// `Init`. A state without `#[init]` is made by its `Default`. A `Result` from a call is an answer
/// like any other; an `Err` from a callback that answers nothing stops the actor. `#[call(timeout =
/// "30s")]` waits for another time than five seconds, `"infinity"` for ever. The parameter of
/// `#[info]` may be a pattern, and `#[info(if n > 3)]` has a guard; the methods are tried from top
/// to bottom, as the arms of `receive!`. One that takes a `Message` takes all. A message that
/// nobody takes is reported once for its type, and dropped.
///
/// # What the module gets
///
/// * `Ref`: a reference with a method for each request, with the docs and the visibility of the
///   callback. It is `Copy` (by a name: `Clone`), can be compared and sent, is a destination for
///   `send`, `monitor` and `link`, and is made from a pid (`Ref::from_pid`) or a name
///   (`Ref::named`, `Ref::by_name`).
/// * `start`, `start_link`, `start_monitor` and `start_named`, with the arguments and the
///   visibility of `#[init]`.
/// * A label: reports call the process by the name of the module.
/// * `child_spec`, with the same arguments, for a supervisor. They must be `Clone` then.
///
/// The state stays an ordinary type, whose methods can be tested without a process.
///
/// # In Erlang
///
/// A module with the behaviour `gen_server`: its callbacks, and the functions around
/// `gen_server:call/2` that such a module exports.
#[proc_macro_attribute]
pub fn actor(arguments: TokenStream, item: TokenStream) -> TokenStream {
    actor::actor(&arguments.into(), &item.into()).into()
}

#[doc = include_str!("supervisor/supervisor.md")]
#[proc_macro_attribute]
pub fn supervisor(arguments: TokenStream, item: TokenStream) -> TokenStream {
    supervisor::supervisor(arguments.into(), &item.into()).into()
}

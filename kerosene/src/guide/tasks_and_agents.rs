//! Tasks and agents: a value that is computed beside, and a state without a protocol.
//!
//! | you want | use |
//! |---|---|
//! | one value, computed by another process | [`Task::spawn`](crate::Task::spawn) |
//! | the same, and to survive its failure | [`Task::spawn_nolink`](crate::Task::spawn_nolink) |
//! | the same, counted and stopped by a supervisor | [`spawn_under`](crate::Task::spawn_under) |
//! | the values of many items, a few at a time | [`task::stream`](crate::otp::task::stream) |
//! | work without a value | [`spawn`](crate::spawn), or a child of a supervisor |
//! | a state that several processes share | [`Agent`](crate::Agent) |
//! | a state with rules of its own | an actor |
//!
//! # A task, or just an `async` block?
//!
//! A future that is awaited where it is made needs no process: `join!` runs several side by side,
//! in turns. A task is a process, which gives three things. It runs on another scheduler, so two of
//! them use two cores. It can be ended, whatever it does. And when it fails, that is its own
//! failure: it has its own report, and the owner decides what it means.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! async fn count(letter: char, text: &'static str) -> usize {
//!     text.chars().filter(|c| *c == letter).count()
//! }
//!
//! kerosene::run(async {
//!     let text = "one process for each letter";
//!     let [e, s] = ['e', 's'].map(|letter| Task::spawn(count(letter, text)));
//!     assert_eq!((e.await?, s.await?), (5, 2));
//!     Ok::<(), kerosene::otp::TaskError>(())
//! });
//! ```
//!
//! # When a task fails
//!
//! A task that was spawned with a link has no failure that its owner would see: they end together.
//! This is what you want where the owner can do nothing without the value; somebody further up
//! starts it again. An owner that traps exits gets a [`TaskError`](crate::TaskError) instead, and
//! so does that of a task without a link:
//!
//! ```
//! use kerosene::prelude::*;
//! use kerosene::TaskError;
//!
//! /// Asks a source that may be broken, or slow.
//! async fn weather(is_broken: bool) -> &'static str {
//!     if is_broken { exit("no connection") }
//!     sleep(Duration::from_secs(60)).await;
//!     "fine"
//! }
//!
//! kerosene::run(async {
//!     let broken = Task::spawn_nolink(weather(true));
//!     assert_eq!(broken.await, Err(TaskError::Exited("no connection".into())));
//!     let slow = Task::spawn_nolink(weather(false)).timeout(Duration::from_millis(5));
//!     assert_eq!(slow.await, Err(TaskError::Timeout));
//! });
//! ```
//!
//! However a wait ends, nothing of it is left: no message in the mailbox, and no process that goes
//! on computing. A task that nobody waits for any more is ended, because its [`Task`](crate::Task)
//! is dropped: after a time-out, when its owner ends for whatever reason, when a future that holds
//! it is cancelled. To give a task more time instead, [`wait`](crate::Task::wait) for it, and then
//! wait again or [`shutdown`](crate::Task::shutdown).
//!
//! # Many items
//!
//! [`task::stream`](crate::otp::task::stream) is for work on more items than should be worked on at
//! once: pages to fetch, files to read, rows to write. It is pulled: while nobody asks for the next
//! value, nothing new is begun. So an endless iterator is fine, and a slow reader slows the work
//! down.
//!
//! ```
//! use kerosene::otp::task;
//! use kerosene::prelude::*;
//!
//! async fn fetch(n: u64) -> u64 {
//!     if n == 3 { exit("no such page") }
//!     sleep(Duration::from_millis(10 * (n % 2))).await;
//!     n
//! }
//!
//! kerosene::run(async {
//!     let mut pages = task::stream(1..=5, 2, fetch).nolink().timeout(Duration::from_secs(1));
//!     let mut total = 0;
//!     while let Some(page) = pages.next().await {
//!         match page {
//!             Ok(n) => total += n,
//!             Err(error) => println!("one is missing: {error}"),
//!         }
//!     }
//!     assert_eq!(total, 12);
//! });
//! ```
//!
//! # Agents
//!
//! An [`Agent`](crate::Agent) keeps a state and runs the functions it is sent on it, one after the
//! other. Reading and writing in one function is one step; reading in one and writing in another is
//! two, and somebody may come between:
//!
//! ```
//! use std::collections::HashMap;
//!
//! use kerosene::otp::StartOptions;
//! use kerosene::prelude::*;
//!
//! kerosene::run(async {
//!     let stock = Agent::start_link(StartOptions::new(), || HashMap::from([("tea", 1)])).await?;
//!     let take = |what| {
//!         stock.get_and_update(move |stock| match stock.get_mut(what) {
//!             Some(count) if *count > 0 => {
//!                 *count -= 1;
//!                 true
//!             }
//!             _ => false,
//!         })
//!     };
//!     assert_eq!((take("tea").await?, take("tea").await?), (true, false));
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! The functions run in the agent. One that takes long makes all others wait, so look, and compute
//! outside; one that panics ends the agent, and the state is gone with it. Inside one process a
//! plain variable is better, and for a state that is mostly read, an `Arc` or a lock may be.
//!
//! # What differs from Elixir
//!
//! * `await` returns a `Result`, where Elixir ends the caller. It waits for five seconds as there,
//!   unless [`timeout`](crate::Task::timeout) says otherwise.
//! * A value or a failure is no message: a server that holds tasks has no `handle_info` for them.
//!   It awaits them, or, better, lets a process send it a message of its own.
//! * A task that is dropped is ended. In Elixir one that nobody awaits runs on, and if its owner
//!   ends as `normal`, it outlives it.
//! * A task that has done its work is not linked any more: an owner that traps exits gets no `Exit`
//!   of it.
//! * `yield` is a keyword of Rust, so it is [`wait`](crate::Task::wait).
//! * A stream holds what is done and not handed out to its bound as well, where Elixir collects it.
//!   A time-out in it is always an error in place, never the end of the caller.

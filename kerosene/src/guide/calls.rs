//! Calls: asking a process, and what may come of it.
//!
//! | you want | use |
//! |---|---|
//! | to ask, and wait for the answer | [`call`], or a method of an [actor](super::actors) |
//! | the same with a message type of your own | [`call_with`] |
//! | to tell, and not wait | [`cast`], which is [`send`](crate::send) |
//! | to ask several, and wait for all | [`send_request`], [`Requests`], [`multi_call`] |
//! | to ask from a plain thread | [`blocking_call`], [`Calling::block`] |
//!
//! A request is a type that says what it is answered with. It arrives as a [`Call`](crate::Call),
//! and with it a [`ReplyTo`](crate::ReplyTo), the right to answer.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Balance;
//! struct Withdraw(u64);
//!
//! impl Request for Balance {
//!     type Reply = u64;
//! }
//!
//! impl Request for Withdraw {
//!     type Reply = Result<u64, &'static str>;
//! }
//!
//! async fn account(mut balance: u64) {
//!     loop {
//!         receive! {
//!             Call { request: Balance, reply_to } => reply_to.reply(balance),
//!             Call { request: Withdraw(amount), reply_to } => {
//!                 let outcome = balance.checked_sub(amount).ok_or("not that much");
//!                 balance = outcome.unwrap_or(balance);
//!                 reply_to.reply(outcome);
//!             }
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let account = spawn(account(100));
//!     assert_eq!(call(account, Withdraw(30)).await?, Ok(70));
//!     assert_eq!(call(account, Withdraw(90)).await?, Err("not that much"));
//!     assert_eq!(call(account, Balance).await?, 70);
//!     Ok::<(), CallError>(())
//! });
//! ```
//!
//! What the server answers and whether it answers are two things: the answer may be a `Result`, and
//! around it is the [`CallError`](crate::CallError) of the call.
//!
//! # When there is no answer
//!
//! | error | what has happened | what to do |
//! |---|---|---|
//! | [`NoProc`] | there is no such process, or nobody has the name | look it up again, or give up |
//! | [`Exited`] | whoever had the request has ended, for this reason | as for `NoProc` |
//! | [`NoReply`] | the request was dropped: unknown, or not to be answered | mend the program |
//! | [`Timeout`] | nothing has come for so long, mostly five seconds | see below |
//! | [`CallingSelf`] | a process has called itself | call the function instead |
//! | [`Deadlock`] | processes wait for each other in a circle | let one cast, or answer later |
//!
//! After a time-out ask again only for what may be done twice: the server may still do it.
//!
//! A caller that gives up, by its time-out or because it was dropped, is not disturbed any more: an
//! answer that comes too late is dropped, and never stands in a mailbox. The server is not told
//! either. It can ask: [`ReplyTo::is_wanted`](crate::ReplyTo::is_wanted).
//!
//! An error is a value here. To end with the server, as Erlang's callers do, use `?` in a body that
//! returns a `Result`.
//!
//! # Answering later
//!
//! A `ReplyTo` is a value. Keep it in the state until there is something to say, send it to a
//! process that knows more, or move it into a task; the server goes on meanwhile. It answers once,
//! and whoever drops it has answered too: the caller is told at once.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Fetch(&'static str);
//!
//! impl Request for Fetch {
//!     type Reply = String;
//! }
//!
//! kerosene::run(async {
//!     let fetcher = spawn(async {
//!         loop {
//!             receive! { Call { request: Fetch(url), reply_to } => {
//!                 // One process for each: a slow one keeps nobody waiting.
//!                 spawn(async move {
//!                     sleep(Duration::from_millis(5)).await;
//!                     reply_to.reply(format!("contents of {url}"));
//!                 });
//!             } }
//!         }
//!     });
//!     assert_eq!(call(fetcher, Fetch("a")).await?, "contents of a");
//!     Ok::<(), CallError>(())
//! });
//! ```
//!
//! # Deadlocks
//!
//! Two servers that call each other wait until one of the calls is over. When that is certain, one
//! of the calls fails with [`Deadlock`] after some ten milliseconds, with the pids of the circle,
//! and the others go on. It is certain for actors, whose loop answers before it receives again, and
//! for processes that answer with [`Call::answer`](crate::Call::answer) or
//! [`ReplyTo::answer_with`](crate::ReplyTo::answer_with). Where a `ReplyTo` was taken out of its
//! request it may be anywhere, and a circle through it ends with a time-out.
//!
//! # What differs from Erlang
//!
//! * A failed call is an error, not an exit.
//! * There is no monitor, no alias and no reference in a call: an answer goes past the mailbox. So
//!   a call leaves nothing behind by construction, and costs the same with a hundred thousand
//!   messages waiting.
//! * The answer is owed by whoever has the `ReplyTo`, not by the server. If the server ends after
//!   it has handed the request to somebody, the caller waits for that one; in Erlang the call
//!   fails.
//! * It cannot be answered twice.
//! * A process that returns from its body has dropped what it held before it ends, so a request in
//!   its hands fails with `NoReply`; one in its mailbox, or in the state of an actor, with
//!   `Exited`.
//! * Deadlocks are found.
//!
//! [`call`]: crate::call
//! [`call_with`]: crate::call_with
//! [`cast`]: crate::cast
//! [`send_request`]: crate::send_request
//! [`multi_call`]: crate::multi_call
//! [`blocking_call`]: crate::blocking_call
//! [`Calling::block`]: crate::otp::Calling::block
//! [`Requests`]: crate::otp::Requests
//! [`NoProc`]: crate::CallError::NoProc
//! [`Exited`]: crate::CallError::Exited
//! [`NoReply`]: crate::CallError::NoReply
//! [`Timeout`]: crate::CallError::Timeout
//! [`CallingSelf`]: crate::CallError::CallingSelf
//! [`Deadlock`]: crate::CallError::Deadlock

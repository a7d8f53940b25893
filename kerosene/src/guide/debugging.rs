//! Debugging a running system: what can be asked of processes while they work.
//!
//! | question | where |
//! |---|---|
//! | which processes are there? | [`processes`], [`registered`] |
//! | what does this one do, how long is its mailbox? | [`process_info`] |
//! | what is the state of this server? | [`sys::get_state`], [`sys::inspect`] |
//! | what does it handle, and how much? | [`sys::trace`], [`sys::statistics`] |
//! | why did it end? | the crash report, a [monitor](crate::monitor) |
//! | why does a call not come back? | [`CallError`](crate::CallError), `process_info(..).status` |
//!
//! The functions of [`otp::sys`](crate::otp::sys) work on every server, supervisor and state
//! machine, without any code of theirs. They are messages in the order of the mailbox: the answer
//! is what is true after everything that was sent before.
//!
//! ```
//! use kerosene::otp::sys;
//! use kerosene::prelude::*;
//!
//! #[kerosene::actor]
//! mod counter {
//!     #[derive(Debug, Default)]
//!     pub struct Counter {
//!         pub count: u64,
//!     }
//!
//!     impl Counter {
//!         #[cast]
//!         pub fn add(&mut self, by: u64) {
//!             self.count += by;
//!         }
//!     }
//! }
//!
//! use counter::Counter;
//!
//! kerosene::run(async {
//!     let counter = counter::start_link().await?;
//!     counter.add(3);
//!     // As text, if the type has `Debug`.
//!     assert_eq!(sys::get_state(counter).await?, "Counter { count: 3 }");
//!     // As it is: a function runs on it, in its process.
//!     assert_eq!(sys::inspect(counter, |counter: &Counter| counter.count).await?, 3);
//!     // Mended, by hand.
//!     sys::replace_state(counter, |old: &Counter| Counter { count: old.count - 1 }).await?;
//!     assert_eq!(sys::statistics(counter).await?.messages, 1);
//!     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! });
//! ```
//!
//! # Holding a server
//!
//! [`sys::suspend`] lets a server finish what it does, and then handle nothing until
//! [`sys::resume`]. Messages wait, calls run into their time-outs, and the functions of `sys` still
//! work. A supervisor can stop it all the same.
//!
//! # Seeing messages go by
//!
//! [`sys::trace`] has one server report each message that it handles, by type. Reports go to
//! `tracing`, so install a subscriber:
//!
//! | target | level | what |
//! |---|---|---|
//! | `kerosene::crash` | ERROR | a process has ended abnormally |
//! | `kerosene::unknown_message` | WARN | a server does not know a message: once for each type |
//! | `kerosene::long_poll` | WARN | a process runs for long without awaiting |
//! | `kerosene::sys` | INFO | a server that is traced handles a message |
//!
//! # When nothing moves
//!
//! `process_info(pid).await` says where a process waits (`status`), whether it receives, and how
//! many messages it has not taken. A mailbox that grows belongs to a process that is too slow, or
//! has messages that no arm matches. If `process_info` itself does not come back, the process
//! computes without awaiting; a report at `kerosene::long_poll` says so.
//!
//! Servers that wait for each other's answers hear of it by themselves
//! ([`CallError::Deadlock`](crate::CallError::Deadlock)).
//!
//! # What differs from Erlang
//!
//! * A state is shown by `Debug`, or looked at by a function that knows its type.
//! * Statistics are always on; a trace goes to `tracing`.
//! * A function that is to replace a state gets a reference and returns a new one, so that a crash
//!   in it leaves the old one whole.
//! * There is no `get_status`, `change_code`, `log` nor `install`.
//!
//! [`processes`]: fn@crate::processes
//! [`registered`]: crate::registered
//! [`process_info`]: crate::process_info
//! [`sys::get_state`]: crate::otp::sys::get_state
//! [`sys::inspect`]: crate::otp::sys::inspect
//! [`sys::trace`]: crate::otp::sys::trace
//! [`sys::statistics`]: crate::otp::sys::statistics
//! [`sys::suspend`]: crate::otp::sys::suspend
//! [`sys::resume`]: crate::otp::sys::resume

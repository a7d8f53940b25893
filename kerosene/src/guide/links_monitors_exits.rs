//! Links, monitors and exits: how processes learn of each other's end, and what they make of it.
//!
//! Processes fail. What makes a program of them sturdy is not that none does, but that somebody
//! else notices, and knows what to do. There are two ways to notice.
//!
//! | | link | monitor |
//! |---|---|---|
//! | direction | both ways | one way |
//! | how many between two | one | any number, each for itself |
//! | what arrives | an exit signal: it ends the receiver, unless that traps exits | a `Down` |
//! | for | what must not live without each other | to know, and go on |
//! | set by | [`link`], [`spawn_link`] | [`monitor`], [`spawn_monitor`] |
//!
//! When in doubt: a process that starts another as part of itself links to it. A process that uses
//! another for a while, as a client uses a server, monitors it.
//!
//! # Links
//!
//! If either of two linked processes ends, the other gets an exit signal with the same reason.
//! With `Normal` nothing follows. With any other reason, `Shutdown` too, the receiver ends as
//! well, and with that reason, so a group of linked processes ends together:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! kerosene::run(async {
//!     let (_, watch) = spawn_monitor(async {
//!         spawn_link(async {
//!             spawn_link(async { exit("out of paper") });
//!             sleep(Duration::MAX).await;
//!         });
//!         sleep(Duration::MAX).await;
//!     });
//!     receive! { Down { monitor, reason, .. } if monitor == watch => {
//!         assert_eq!(reason, ExitReason::from("out of paper"));
//!     } }
//! });
//! ```
//!
//! A process that has called [`trap_exit(true)`](crate::trap_exit) gets [`Exit`](crate::Exit)
//! messages instead, for `Normal` as well. This is for processes that look after others, and for
//! those that must finish something before they stop; most should not trap exits, and end with
//! what they are part of. Who does trap exits has to take the `Exit`s out of its mailbox.
//!
//! When `unlink` has returned, the peer has no more effect through the link. An `Exit` that was
//! received before stays in the mailbox; to be rid of that too:
//! `receive! { Exit { pid, .. } if pid == peer => (), after Duration::ZERO => () }`.
//!
//! To link to a process that is dead already brings an exit signal `NoProc`. Spawning and linking
//! in one step, with `spawn_link`, leaves no such gap, and always tells the real reason.
//!
//! # Exit signals
//!
//! [`exit_signal`](crate::exit_signal) sends one without any link. What it does depends on the
//! reason and on the receiver:
//!
//! | reason | the receiver does not trap exits | it traps exits |
//! |---|---|---|
//! | `Normal` | nothing | message `Exit` |
//! | `Kill` | ends with `Killed` | ends with `Killed` |
//! | any other | ends with that | message `Exit` |
//!
//! To stop a process, send `Shutdown` and give it time; send `Kill` when the time is over.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! /// Stops a process, by force if need be. Tells how it ended.
//! async fn stop(worker: Pid, patience: Duration) -> ExitReason {
//!     let watch = monitor(worker);
//!     exit_signal(worker, ExitReason::Shutdown);
//!     receive! {
//!         Down { monitor, reason, .. } if monitor == watch => return reason,
//!         after patience => exit_signal(worker, ExitReason::Kill),
//!     }
//!     receive! { Down { monitor, reason, .. } if monitor == watch => reason }
//! }
//!
//! kerosene::run(async {
//!     let polite = spawn(async { sleep(Duration::MAX).await });
//!     assert_eq!(stop(polite, Duration::from_secs(5)).await, ExitReason::Shutdown);
//!     let stubborn = spawn_opt(SpawnOptions::new().trap_exit(), async {
//!         sleep(Duration::MAX).await;
//!     });
//!     let patience = Duration::from_millis(1);
//!     assert_eq!(stop(stubborn.pid, patience).await, ExitReason::Killed);
//! });
//! ```
//!
//! The process ends where it awaits. One that is computing goes on until it next waits or gives
//! way: nothing can stop a body that does neither. That also holds for a signal to oneself; to end
//! oneself at once there is [`exit`](crate::exit).
//!
//! # Reasons
//!
//! | reason | who uses it |
//! |---|---|
//! | `Normal` | a body that is done |
//! | `Shutdown`, `ShutdownWith(term)` | who stops in order, because it was told to |
//! | `Kill` | you, in `exit_signal`, as the last resort; it arrives as `Killed` |
//! | `Killed` | what everybody hears about a process that was killed |
//! | `NoProc` | there is no such process, any more or at all |
//! | `Panic(info)` | a body that panicked: text, place, pid |
//! | `Error(error)` | a body that returned `Err`; the error itself is in it |
//! | `Other(term)` | yours: `exit("text")`, [`ExitReason::other(value)`] |
//!
//! A reason may be told to many, so what is in it is shared and only read: get at a value of your
//! own with [`Term::downcast_ref`](crate::Term::downcast_ref). Reasons compare with `==`.
//!
//! `Kill` and `Killed` differ, and so does the way: a process that calls `exit(ExitReason::Kill)`
//! sends `Kill` over its links, where it can be trapped like any other reason.
//!
//! # Monitors
//!
//! [`monitor`](crate::monitor) returns a handle, and when the process ends, one
//! [`Down`](crate::Down) with that handle arrives; at once, with `NoProc`, if there is no such
//! process. Select it by the handle, not by the pid: others may have set monitors for the same pid
//! in the same process, a library for instance. `Down` may gain fields, so patterns end in `..`.
//!
//! When [`demonitor`](crate::demonitor) has returned, no `Down` arrives any more; one that is
//! there already stays. [`demonitor_flush`](crate::demonitor_flush) takes that out as well, and
//! is what you most likely want.
//!
//! # Requests
//!
//! A request to a process that ends must not wait for ever, and an answer that comes after the
//! asker gave up must not lie in its mailbox. [`monitor_alias`](crate::monitor_alias) gives both:
//! a monitor, and an alias to answer to, which are switched off together.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Square { n: u64, reply_to: Alias }
//! struct Squared { of: Reference, result: u64 }
//!
//! async fn square(server: Pid, n: u64, patience: Duration) -> Result<u64, String> {
//!     let (watch, reply_to) = monitor_alias(server, AliasMode::ReplyDemonitor);
//!     send(server, Square { n, reply_to });
//!     receive! {
//!         Squared { of, result } if of == watch.reference() => Ok(result),
//!         Down { monitor, reason, .. } if monitor == watch => Err(reason.to_string()),
//!         after patience => {
//!             demonitor_flush(watch); // the alias goes with it: no late answer arrives
//!             Err("no answer".into())
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let server = spawn(async {
//!         loop {
//!             receive! { Square { n, reply_to } => {
//!                 if n == 0 {
//!                     exit("I do not do zeros");
//!                 }
//!                 send(reply_to, Squared { of: reply_to.reference(), result: n * n });
//!             } }
//!         }
//!     });
//!     let patience = Duration::from_secs(5);
//!     assert_eq!(square(server, 7, patience).await, Ok(49));
//!     assert_eq!(square(server, 0, patience).await, Err("I do not do zeros".into()));
//!     assert_eq!(square(server, 7, patience).await, Err("no such process".into()));
//! });
//! ```
//!
//! Alias and monitor have the same [`Reference`](crate::Reference), which tells this answer from
//! others of its type. In the corner where the answer is in the mailbox when the time runs out, it
//! stays there, as in Erlang: a server loop with a last arm `_ => ()` takes it out.
//!
//! # Starting again
//!
//! Processes that fail are started again by [supervisors](super::supervision_trees). What they
//! are made of is a loop around `spawn_link` that traps exits, with a limit, so that what cannot
//! work is not tried for ever:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! const RESTARTS_MAX: u32 = 3;
//!
//! /// Keeps a process alive. Ends with its reason when it fails too often or ends in order.
//! async fn keep_alive(start: fn() -> Pid) -> ExitReason {
//!     trap_exit(true);
//!     let mut child = start();
//!     for _ in 0..RESTARTS_MAX {
//!         receive! {
//!             Exit { pid, reason } if pid == child => match reason.is_abnormal() {
//!                 true => child = start(),
//!                 false => return reason,
//!             },
//!             Exit { reason, .. } => return reason, // from whoever started us
//!         }
//!     }
//!     ExitReason::from("too many restarts")
//! }
//!
//! kerosene::run(async {
//!     let start = || spawn_link(async { panic!("again") });
//!     let (_, watch) = spawn_monitor(keep_alive(start));
//!     receive! { Down { monitor, reason, .. } if monitor == watch => {
//!         assert_eq!(reason, ExitReason::from("too many restarts"));
//!     } }
//! });
//! ```
//!
//! When `keep_alive` ends with its child still alive, the link ends the child too, unless the
//! reason is `Normal`.
//!
//! # What differs from Erlang
//!
//! * `link` to a dead process brings an exit signal, whether the caller traps exits or not; Erlang
//!   raises `noproc` in a caller that does not.
//! * `exit_signal(pid(), ...)` returns, and the code up to the next await runs. The reason is that
//!   of the signal all the same. `Normal` to oneself is ignored, as by `exit_signal/2` of OTP 29.
//! * `exit` unwinds, so destructors run, and `std::panic::catch_unwind` catches it, as `catch`
//!   does.
//! * A flush of a monitor takes its `Down` only. There are no monitors with a tag of one's own
//!   yet.
//!
//! [`link`]: crate::link
//! [`spawn_link`]: crate::spawn_link
//! [`monitor`]: crate::monitor
//! [`spawn_monitor`]: crate::spawn_monitor
//! [`ExitReason::other(value)`]: crate::ExitReason::other

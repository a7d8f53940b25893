//! Timers: waiting, messages to be sent later, intervals, clocks.
//!
//! | you want | use |
//! |---|---|
//! | to do nothing for a while | [`sleep`](crate::sleep) |
//! | to wait for a message, but not for ever | `after` in [`receive!`](crate::receive) |
//! | a message later, while the process goes on | [`schedule`](crate::schedule) |
//! | the same, and to cancel it for sure | [`start_timer`](crate::start_timer) |
//! | a message again and again | [`schedule_interval`](crate::schedule_interval) |
//! | to limit any other future | `tokio::time::timeout` |
//!
//! All times are a [`Duration`](std::time::Duration); `Duration::MAX` is for ever. No timer fires
//! early. How late one may be depends on how busy the machine is; the resolution is a millisecond.
//!
//! A loop of `sleep` and work is a process that nobody can talk to while it sleeps. If it should
//! listen as well, let it receive, with `after` or with a timer:
//!
//! ```
//! use kerosene::prelude::*;
//!
//! #[derive(Clone)]
//! struct Tick;
//! struct Report(Pid);
//!
//! /// Counts ticks, and says how many when it is asked.
//! async fn meter() {
//!     schedule_interval(Duration::from_millis(2), pid(), Tick);
//!     let mut count = 0_u32;
//!     loop {
//!         receive! {
//!             Tick => count += 1,
//!             Report(to) => send(to, count),
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let meter = spawn(meter());
//!     schedule(Duration::from_millis(9), meter, Report(pid()));
//!     receive! { count: u32 => assert!(count <= 4) }
//! });
//! ```
//!
//! # `after` or a timer?
//!
//! `after` belongs to one `receive!`: each time round a loop it begins anew. That makes it right
//! for *nothing has happened for so long*, and wrong for *every ten seconds* or *until noon*,
//! which the next message would put off. For those, send yourself a message.
//!
//! ```
//! use kerosene::prelude::*;
//!
//! struct Line(&'static str);
//!
//! /// Ends when no line has come for 20 ms, or after 10 s in any case.
//! async fn session() -> ExitReason {
//!     let whole = start_timer(Duration::from_secs(10), pid(), ());
//!     loop {
//!         receive! {
//!             Line(_text) => {}
//!             Timeout { timer, .. } if timer == whole => return ExitReason::from("too long"),
//!             after Duration::from_millis(20) => return ExitReason::from("idle"),
//!         }
//!     }
//! }
//!
//! kerosene::run(async {
//!     let (session, watch) = spawn_monitor(session());
//!     send(session, Line("hello"));
//!     receive! { Down { monitor, reason, .. } if monitor == watch => {
//!         assert_eq!(reason, ExitReason::from("idle"));
//!     } }
//! });
//! ```
//!
//! # Cancelling
//!
//! [`cancel`](crate::Timer::cancel) returns what was left of the timer, or `None` if there is
//! nothing to cancel. `None` leaves open whether the message is in the mailbox already, was
//! received long ago, or is about to arrive. If that matters, use `start_timer`: what it sends
//! carries the handle, and so a stale one is known by it:
//!
//! * either take it out, as soon as `cancel` has come too late:
//!   `receive! { Timeout { timer, .. } if timer == old => (), after Duration::ZERO => () }`;
//! * or keep the handle of the timer that counts, and have an arm for all others, `Timeout { .. }
//!   => ()`. This is how a deadline that moves with every message is written.
//!
//! A [`Timer`](crate::Timer) is a small value. Dropping it does nothing, copies cancel the same
//! timer, and any process that has one may cancel.
//!
//! # Whom a timer belongs to
//!
//! To its destination, not to its maker. One that is aimed at a pid is gone, message and all, when
//! that process ends, and one for a dead pid never starts. One that is aimed at a name goes to
//! whoever has the name when it fires. It does not matter to a timer that its maker has ended. All
//! end with the runtime that keeps them: that of whoever made them.
//!
//! Waiting costs little: however many receives with `after` a process runs, it has one timer
//! pending at most, which stays set from one receive to the next where it can.
//!
//! # Clocks
//!
//! In [tests](super::testing) time is virtual, and passes when all processes wait. `sleep`,
//! `after`, all timers and all of `tokio::time` follow it. `std::time::Instant` and `SystemTime`
//! do not: they go on telling the machine's time. So measure with `tokio::time::Instant`, which
//! in a program is the same as the standard library's, and pass the time of day in from outside.
//!
//! # What differs from Erlang
//!
//! * Times are `Duration`s and cannot be negative. There is no `abs` option: subtract.
//! * A delay of zero is a delay: the message is never there when the call returns.
//! * `cancel` and `remaining` do not wait for anything, so there are no options for that.
//! * An alias may be the destination of a timer, and a timer for an unknown name is no error.
//! * An interval sends clones of a message. Ticks that could not be sent in time are skipped, not
//!   sent in a burst, and the rhythm is kept. Intervals that run a function are a process with a
//!   loop.

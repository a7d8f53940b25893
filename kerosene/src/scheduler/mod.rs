//! Who runs next.
//!
//! A runtime has one scheduler per worker thread, each an ordinary task on a tokio runtime, with a
//! run queue of processes of its own ([`worker`]). What they share is [`Schedulers`]: the queue for
//! processes woken from outside, the protocol by which idle ones sleep and are woken ([`idle`]) and
//! the timers ([`timers`]). In a simulation there is one scheduler, which draws the next process
//! from a seeded generator ([`seeded`]). [`Runtime`] starts and stops all of it.

mod builder;
mod clock;
mod decoy;
mod idle;
mod lane;
#[cfg(all(test, kerosene_loom))]
mod loom_tests;
mod pinned;
mod runtime;
mod schedulers;
mod seeded;
mod signals;
mod simulation;
mod stop;
mod timers;
mod told;
mod watchdog;
mod worker;

pub use builder::{RuntimeBuilder, StartError};
pub(crate) use clock::coarse_now;
pub(crate) use pinned::pinned;
pub use runtime::Runtime;
pub(crate) use runtime::body_of;
pub(crate) use schedulers::{Schedulers, schedulers_here};
pub(crate) use signals::Signals;
pub(crate) use simulation::{Outcome, Waiter, simulate};
pub use stop::{StopCause, Stopped};
pub(crate) use timers::{Form, Interval, Shard, cancel, remaining, shard};

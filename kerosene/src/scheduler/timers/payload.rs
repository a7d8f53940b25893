//! What a timer does when it is due: to whom it sends what.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::term::{Alias, Dest, Message, Name, Pid, Timer};

/// To whom a timer sends.
#[derive(Debug, Clone)]
pub(super) enum Recipient {
    Pid(Pid),
    /// Whoever has the name when the timer fires.
    Name(Name),
    Alias(Alias),
}

impl Recipient {
    pub(super) fn dest(&self) -> Dest<'_> {
        match self {
            Self::Pid(pid) => Dest::Pid(*pid),
            Self::Name(name) => Dest::Name(name),
            Self::Alias(alias) => Dest::Alias(*alias),
        }
    }
}

impl From<Dest<'_>> for Recipient {
    fn from(dest: Dest<'_>) -> Self {
        match dest {
            Dest::Pid(pid) => Self::Pid(pid),
            Dest::Name(name) => Self::Name(name.into()),
            Dest::Alias(alias) => Self::Alias(alias),
        }
    }
}

/// How a timer sends its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is.
    Bare,
    /// Wrapped in a `Timeout`.
    Timeout,
}

/// What is sent at each period, until the recipient ends.
pub(crate) struct Interval {
    pub(crate) period: Duration,
    pub(crate) make: Make,
}

/// Makes the message of a tick, by the user's `Clone`: never while a shard is locked.
pub(crate) type Make = Arc<Mutex<dyn Fn() -> Message + Send>>;

/// What is to be done for a timer that is due.
pub(super) enum Due {
    Wake(Pid),
    Send(Recipient, Message),
    /// The message is wrapped outside the lock.
    Timeout(Timer, Recipient, Message),
    /// The interval itself stays, with its next deadline.
    Tick(Timer, Recipient, Make),
}

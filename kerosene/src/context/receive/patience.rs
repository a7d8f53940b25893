//! How long a receive waits: for ever, or until its `after` arm.
//!
//! Two types, so that a receive without `after`, of which there are many, carries no time and asks
//! for none.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

/// How long a receive waits. A type, so that one without `after` carries no time.
pub trait Patience: fmt::Debug {
    /// There is no end to it.
    #[doc(hidden)]
    const IS_ENDLESS: bool;

    /// When to give up.
    #[doc(hidden)]
    fn deadline(&mut self) -> Deadline;

    /// Once the time is over: the number after the last message that is still looked at (V3).
    #[doc(hidden)]
    fn end(&self) -> Option<u64>;

    /// The time is over.
    #[doc(hidden)]
    fn set_end(&mut self, end: u64);
}

/// For ever.
#[derive(Debug)]
pub struct Endless;

impl Patience for Endless {
    const IS_ENDLESS: bool = true;

    #[inline]
    fn deadline(&mut self) -> Deadline {
        Deadline::Never
    }

    #[inline]
    fn end(&self) -> Option<u64> {
        None
    }

    fn set_end(&mut self, _: u64) {}
}

/// Until the `after` arm.
#[derive(Debug)]
pub struct Limited {
    after: After,
    end: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
enum After {
    /// Counted from the first wait: it follows the start of the receive at once, and a receive that
    /// need not wait does not read the clock.
    Delay(Duration),
    Deadline(Deadline),
}

/// When to give up.
#[derive(Debug, Clone, Copy)]
pub enum Deadline {
    /// Not at all.
    Never,
    /// Without waiting.
    Now,
    /// At this moment.
    At(Instant),
}

impl Limited {
    /// [`Duration::MAX`] is for ever.
    pub(super) fn new(after: Duration) -> Self {
        let never = after == Duration::MAX;
        let after = if never { After::Deadline(Deadline::Never) } else { After::Delay(after) };
        Self { after, end: None }
    }
}

impl Patience for Limited {
    const IS_ENDLESS: bool = false;

    fn deadline(&mut self) -> Deadline {
        let deadline = match self.after {
            After::Deadline(deadline) => return deadline,
            After::Delay(Duration::ZERO) => Deadline::Now,
            After::Delay(delay) => {
                Instant::now().checked_add(delay).map_or(Deadline::Never, Deadline::At)
            }
        };
        self.after = After::Deadline(deadline);
        deadline
    }

    fn end(&self) -> Option<u64> {
        self.end
    }

    fn set_end(&mut self, end: u64) {
        self.end = Some(end);
    }
}

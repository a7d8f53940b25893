//! How much one user may say. No clock and no process: time is passed in.

use std::time::Duration;

use tokio::time::Instant;

/// How many lines may come at once after a pause.
const BURST: u32 = 10;
/// Who has been told so often in a row is not going to listen.
const STRIKES_MAX: u32 = 20;

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Heard,
    /// The first that is not heard in a row, when it is worth saying so; or one more.
    TooFast {
        is_first: bool,
    },
    Out,
}

/// What a user has said lately.
#[derive(Debug)]
pub(crate) struct Flood {
    interval: Duration,
    /// When the lines so far would be said, had they come at an even pace.
    paid_until: Instant,
    /// Lines that were not heard, less those that were.
    strikes: u32,
}

impl Flood {
    pub(crate) fn new(lines_per_second: u32, now: Instant) -> Self {
        let interval = Duration::from_secs(1) / lines_per_second;
        Self { interval, paid_until: now, strikes: 0 }
    }

    /// Judges a line that has come now.
    pub(crate) fn judge(&mut self, now: Instant) -> Verdict {
        let paid_until = self.paid_until.max(now);
        if paid_until - now > self.interval * (BURST - 1) {
            self.strikes += 1;
            if self.strikes > STRIKES_MAX {
                return Verdict::Out;
            }
            return Verdict::TooFast { is_first: self.strikes == 1 };
        }
        self.paid_until = paid_until + self.interval;
        self.strikes = self.strikes.saturating_sub(1);
        Verdict::Heard
    }
}

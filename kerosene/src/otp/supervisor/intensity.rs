//! How many restarts are too many.
//!
//! A supervisor gives up at the restart that would be the `intensity + 1`st within `period`. The
//! moments of the restarts within the last period are kept in a queue. Each goes in once and out
//! once, at its ends, so that a restart costs the same however many there have been, and a large
//! intensity costs no memory until there are as many restarts.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// The restarts within the last period.
#[derive(Debug)]
pub(crate) struct Intensity {
    restarts_max: usize,
    period: Duration,
    /// The oldest first.
    recent: VecDeque<Instant>,
    /// All restarts there have ever been.
    total: u64,
}

/// A supervisor has restarted too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Intensity {
    pub(crate) fn new(restarts_max: u32, period: Duration) -> Self {
        let restarts_max = usize::try_from(restarts_max).unwrap_or(usize::MAX);
        Self { restarts_max, period, recent: VecDeque::new(), total: 0 }
    }

    /// Counts a restart.
    ///
    /// A restart that lies exactly one period back still counts.
    pub(crate) fn count(&mut self, now: Instant) -> Result<(), TooMany> {
        let is_old = |then: &Instant| now.duration_since(*then) > self.period;
        while self.recent.front().is_some_and(is_old) {
            self.recent.pop_front();
        }
        if self.recent.len() >= self.restarts_max {
            return Err(TooMany);
        }
        self.recent.push_back(now);
        self.total += 1;
        Ok(())
    }

    /// How many restarts there have been since the supervisor started.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OTP's way: a list of all restarts, from which those that are too old are dropped.
    struct Model {
        restarts_max: usize,
        period: Duration,
        restarts: Vec<Instant>,
    }

    impl Model {
        fn count(&mut self, now: Instant) -> Result<(), TooMany> {
            self.restarts.retain(|then| now - *then <= self.period);
            if self.restarts.len() == self.restarts_max {
                return Err(TooMany);
            }
            self.restarts.push(now);
            Ok(())
        }
    }

    #[test]
    fn the_queue_agrees_with_a_list_of_all_restarts() {
        for seed in 0..500 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (restarts_max, period_ms) = (random.u32(..6), random.u64(1..50));
            let period = Duration::from_millis(period_ms);
            let mut queue = Intensity::new(restarts_max, period);
            let mut model =
                Model { restarts_max: restarts_max as usize, period, restarts: Vec::new() };
            let mut now = Instant::now();
            for step in 0..200 {
                now += Duration::from_millis(random.u64(..=period_ms));
                let counted = queue.count(now);
                assert_eq!(counted, model.count(now), "seed {seed}, step {step}");
            }
        }
    }

    #[test]
    fn the_restart_after_the_last_allowed_one_is_too_many() {
        let now = Instant::now();
        for restarts_max in 0..5 {
            let mut intensity = Intensity::new(restarts_max, Duration::from_secs(5));
            for _ in 0..restarts_max {
                assert_eq!(intensity.count(now), Ok(()));
            }
            assert_eq!(intensity.count(now), Err(TooMany));
            assert_eq!(intensity.total(), u64::from(restarts_max));
        }
    }

    #[test]
    fn a_restart_counts_for_exactly_one_period() {
        let start = Instant::now();
        let period = Duration::from_secs(5);
        let mut intensity = Intensity::new(1, period);
        assert_eq!(intensity.count(start), Ok(()));
        assert_eq!(intensity.count(start + period), Err(TooMany));
        assert_eq!(intensity.count(start + period + Duration::from_millis(1)), Ok(()));
    }
}

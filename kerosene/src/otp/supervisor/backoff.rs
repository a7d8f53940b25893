//! How long to wait before a restart: longer each time, never exactly the same.

use std::time::Duration;

/// Waits before restarts, longer and longer while a child keeps failing.
///
/// The first wait is `initial`; each further one is `factor` times as long, up to `max`. Each is
/// made longer or shorter by a random part of itself, up to `jitter`, so that children that failed
/// together do not come back together. A child that has been running for `reset_after` has
/// recovered: its next wait is `initial` again.
///
/// While it waits, the child is [`Restarting`](super::ChildState::Restarting), and the supervisor
/// answers. Restarts that have waited count for the intensity like others, at the moment they are
/// made: choose an intensity that leaves room for as many attempts as you want.
///
/// ```
/// use kerosene::otp::Backoff;
/// use kerosene::prelude::*;
///
/// let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(30))
///     .factor(2.0)
///     .jitter(0.2)
///     .reset_after(Duration::from_secs(60));
/// # let _ = backoff;
/// ```
///
/// In Erlang: no equivalent; supervisors restart at once.
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Backoff {
    initial: Duration,
    max: Duration,
    factor: f64,
    jitter: f64,
    reset_after: Duration,
}

impl Backoff {
    /// Waits from `initial` to `max`, doubling, with a jitter of a tenth, and reset after `max`.
    pub fn new(initial: Duration, max: Duration) -> Self {
        Self { initial, max: max.max(initial), factor: 2.0, jitter: 0.1, reset_after: max }
    }

    /// By how much each wait is longer than the one before.
    ///
    /// # Panics
    ///
    /// If it is less than 1, or no number.
    pub fn factor(mut self, factor: f64) -> Self {
        assert!(factor >= 1.0, "the waits of a back-off do not become shorter: factor {factor}");
        self.factor = factor;
        self
    }

    /// By which part of itself a wait may be longer or shorter: 0.2 is a fifth.
    ///
    /// # Panics
    ///
    /// If it is not from 0 to 1.
    pub fn jitter(mut self, jitter: f64) -> Self {
        assert!((0.0..=1.0).contains(&jitter), "a jitter is a part, from 0 to 1: {jitter}");
        self.jitter = jitter;
        self
    }

    /// How long a child has to run to have recovered.
    pub fn reset_after(mut self, reset_after: Duration) -> Self {
        self.reset_after = reset_after;
        self
    }

    /// Whether a child that has been running for this long has recovered.
    pub(crate) fn is_reset_by(&self, uptime: Duration) -> bool {
        uptime >= self.reset_after
    }

    /// The wait before attempt number `attempt`, from 0. `chance` is drawn from `0.0..1.0`.
    pub(crate) fn wait(&self, attempt: u32, chance: f64) -> Duration {
        let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
        let wait = self.initial.as_secs_f64() * self.factor.powi(exponent);
        let wait = wait.min(self.max.as_secs_f64());
        let jittered = wait * (1.0 + self.jitter * (2.0 * chance - 1.0));
        Duration::try_from_secs_f64(jittered.min(self.max.as_secs_f64())).unwrap_or(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn waits_grow_by_the_factor_up_to_the_maximum() {
        let backoff = Backoff::new(ms(100), ms(1000)).jitter(0.0);
        let waits = [0, 1, 2, 3, 4, 5, 1000, u32::MAX].map(|attempt| backoff.wait(attempt, 0.9));
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000, 1000, 1000].map(ms));
    }

    #[test]
    fn any_wait_is_within_its_jitter_and_the_maximum() {
        for seed in 0..2000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let initial = Duration::from_micros(random.u64(..2_000_000));
            let max = Duration::from_micros(random.u64(..20_000_000));
            let (factor, jitter) = (1.0 + 4.0 * random.f64(), random.f64());
            let backoff = Backoff::new(initial, max).factor(factor).jitter(jitter);
            let attempt = random.u32(..40);
            // The model multiplies step by step.
            let mut plain = initial.as_secs_f64();
            for _ in 0..attempt {
                plain = (plain * factor).min(max.max(initial).as_secs_f64());
            }
            let wait = backoff.wait(attempt, random.f64()).as_secs_f64();
            let slack = 1e-6;
            assert!(wait >= plain * (1.0 - jitter) - slack, "seed {seed}: {wait} of {plain}");
            assert!(wait <= plain * (1.0 + jitter) + slack, "seed {seed}: {wait} of {plain}");
            assert!(wait <= max.max(initial).as_secs_f64() + slack, "seed {seed}: {wait}");
        }
    }

    #[test]
    fn a_child_that_ran_long_enough_has_recovered() {
        let backoff = Backoff::new(ms(1), ms(10)).reset_after(ms(100));
        assert!(!backoff.is_reset_by(ms(99)));
        assert!(backoff.is_reset_by(ms(100)));
    }
}

//! What some rounds say: their median, and how far they are apart.

use std::fmt;

/// Median, least and greatest.
#[derive(Debug)]
pub(crate) struct Spread {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Spread {
    /// `None` of no rounds.
    pub(crate) fn of(rounds: impl Iterator<Item = f64>) -> Option<Self> {
        let mut rounds: Vec<f64> = rounds.collect();
        rounds.sort_by(f64::total_cmp);
        Some(Self {
            median: *rounds.get(rounds.len() / 2)?,
            least: *rounds.first()?,
            greatest: *rounds.last()?,
        })
    }

    /// The ratio of the medians.
    pub(crate) fn over(&self, other: &Self) -> f64 {
        self.median / other.median
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.median)?;
        if self.least < self.greatest {
            write!(f, " ({:.1}-{:.1})", self.least, self.greatest)?;
        }
        Ok(())
    }
}

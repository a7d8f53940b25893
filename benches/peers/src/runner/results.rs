//! What was measured, and what it says: medians, spreads, and ratios to plain tokio.
//!
//! Results can be written as lines and read again, so that tables and charts can be made anew
//! without a new run.

use std::fmt;

use super::roster::BASELINE;

/// One figure, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) round: usize,
    pub(crate) workload: String,
    pub(crate) workers: usize,
    pub(crate) peer: String,
    pub(crate) outcome: Outcome,
}

/// What the program of a peer has said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Took {
        /// An operation, in nanoseconds.
        ns: f64,
        /// Resident memory of an idle actor.
        bytes: Option<f64>,
        /// The most memory that was resident.
        peak_mib: f64,
    },
    /// The peer has no such thing.
    Lacks(String),
    /// It crashed, or took too long.
    Failed(String),
}

/// All figures of a run.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// What it ran on.
    pub(crate) machine: String,
    all: Vec<Measured>,
}

/// The rounds of one peer at one workload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    /// The median of the ratios to tokio's figure of the same round.
    pub(crate) ratio: Option<f64>,
}

/// Which figure of an outcome.
pub(crate) type Figure = fn(&Outcome) -> Option<f64>;

impl Outcome {
    pub(crate) fn ns(&self) -> Option<f64> {
        match self {
            Self::Took { ns, .. } => Some(*ns),
            _ => None,
        }
    }

    pub(crate) fn bytes(&self) -> Option<f64> {
        match self {
            Self::Took { bytes, .. } => *bytes,
            _ => None,
        }
    }

    pub(crate) fn peak_mib(&self) -> Option<f64> {
        match self {
            Self::Took { peak_mib, .. } => Some(*peak_mib),
            _ => None,
        }
    }
}

impl Results {
    pub(crate) fn add(&mut self, measured: Measured) {
        self.all.push(measured);
    }

    /// The numbers of workers that were measured, the least first.
    pub(crate) fn workers(&self) -> Vec<usize> {
        let mut workers: Vec<usize> = self.all.iter().map(|one| one.workers).collect();
        workers.sort_unstable();
        workers.dedup();
        workers
    }

    /// How many rounds there were.
    pub(crate) fn rounds(&self) -> usize {
        self.all.iter().map(|one| one.round + 1).max().unwrap_or(0)
    }

    /// Whether this peer was measured at all.
    pub(crate) fn has_peer(&self, peer: &str) -> bool {
        self.all.iter().any(|one| one.peer == peer)
    }

    /// What became of the rounds of one peer at one workload.
    pub(crate) fn of<'a>(
        &'a self,
        workload: &'a str,
        workers: usize,
        peer: &'a str,
    ) -> impl Iterator<Item = &'a Measured> {
        self.all.iter().filter(move |one| {
            one.workload == workload && one.workers == workers && one.peer == peer
        })
    }

    pub(crate) fn summary(
        &self,
        workload: &str,
        workers: usize,
        peer: &str,
        figure: Figure,
    ) -> Option<Summary> {
        let mut values = Vec::new();
        let mut ratios = Vec::new();
        for one in self.of(workload, workers, peer) {
            let Some(value) = figure(&one.outcome) else { continue };
            values.push(value);
            let mut baseline = self.of(workload, workers, BASELINE);
            let same_round = baseline.find(|other| other.round == one.round);
            if let Some(other) = same_round.and_then(|other| figure(&other.outcome)) {
                ratios.push(value / other);
            }
        }
        values.sort_by(f64::total_cmp);
        Some(Summary {
            median: median(&mut values)?,
            least: *values.first()?,
            greatest: *values.last()?,
            ratio: median(&mut ratios),
        })
    }

    /// Reads what was written by `Display`, below a line that names the machine.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut results = Self::default();
        for line in text.lines() {
            match line.strip_prefix("# ") {
                Some(machine) => machine.clone_into(&mut results.machine),
                None => results.add(Measured::parse(line).ok_or(format!("not a figure: {line}"))?),
            }
        }
        Ok(results)
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
}

impl Measured {
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [round, workload, workers, peer, kind, rest @ ..] = fields.as_slice() else {
            return None;
        };
        let number = |field: Option<&&str>| field?.parse::<f64>().ok();
        let outcome = match *kind {
            "took" => Outcome::Took {
                ns: number(rest.first())?,
                bytes: number(rest.get(1)),
                peak_mib: number(rest.get(2))?,
            },
            "lacks" => Outcome::Lacks((*rest.first()?).to_owned()),
            "failed" => Outcome::Failed((*rest.first()?).to_owned()),
            _ => return None,
        };
        Some(Self {
            round: round.parse().ok()?,
            workload: (*workload).to_owned(),
            workers: workers.parse().ok()?,
            peer: (*peer).to_owned(),
            outcome,
        })
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { round, workload, workers, peer, outcome } = self;
        write!(f, "{round}\t{workload}\t{workers}\t{peer}\t")?;
        match outcome {
            Outcome::Took { ns, bytes, peak_mib } => {
                let bytes = bytes.map_or("-".to_owned(), |bytes| bytes.to_string());
                write!(f, "took\t{ns}\t{bytes}\t{peak_mib}")
            }
            Outcome::Lacks(why) => write!(f, "lacks\t{why}"),
            Outcome::Failed(why) => write!(f, "failed\t{why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(round: usize, peer: &str, ns: f64) -> Measured {
        let outcome = Outcome::Took { ns, bytes: None, peak_mib: 5.0 };
        Measured { round, workload: "call".to_owned(), workers: 2, peer: peer.to_owned(), outcome }
    }

    fn results(figures: &[(usize, &str, f64)]) -> Results {
        let mut results = Results::default();
        figures.iter().for_each(|&(round, peer, ns)| results.add(measured(round, peer, ns)));
        results
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // In the second round the machine was twice as slow, for both.
        let figures = [(0, "tokio", 100.0), (0, "kerosene", 50.0)];
        let slow = [(1, "tokio", 200.0), (1, "kerosene", 100.0)];
        let results = results(&[figures, slow].concat());
        let summary = results.summary("call", 2, "kerosene", Outcome::ns);
        let expected = Summary { median: 75.0, least: 50.0, greatest: 100.0, ratio: Some(0.5) };
        assert_eq!(summary, Some(expected));
    }

    #[test]
    fn a_round_that_tokio_lacks_gives_no_ratio() {
        let results = results(&[(0, "kerosene", 50.0)]);
        let summary = results.summary("call", 2, "kerosene", Outcome::ns);
        assert_eq!(summary.map(|summary| summary.ratio), Some(None));
        assert_eq!(results.summary("call", 1, "kerosene", Outcome::ns), None);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let lacks = Outcome::Lacks("no supervision".to_owned());
        let mut text = "# a machine\n".to_owned();
        let figures =
            [measured(3, "xtra", 12.5), Measured { outcome: lacks, ..measured(0, "x", 1.0) }];
        figures.iter().for_each(|one| text += &format!("{one}\n"));
        let read = Results::parse(&text).expect("it was written by us");
        assert_eq!(read.machine, "a machine");
        assert_eq!(read.all, figures);
        assert!(Results::parse("0\tcall\t1\ttokio\ttook\tmany\n").is_err());
    }
}

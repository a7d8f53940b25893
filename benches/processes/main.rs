//! What processes and messages cost, each beside the same work on plain tokio tasks and channels in
//! the same run.
//!
//! ```text
//! cargo bench --bench processes                     # all workloads, one worker and all cores
//! cargo bench --bench processes -- ping spawn       # those whose name contains a word
//! cargo bench --bench processes -- --test           # tiny counts, to see that everything runs
//! ```
//!
//! A line is the median of the rounds, with the least and the greatest, in nanoseconds an
//! operation, and the ratio of the two medians. Rounds of the two alternate, so that a noisy
//! machine disturbs both alike.

mod on_tokio;
mod workloads;

use std::num::NonZero;
use std::time::Duration;

use workloads::Workload;

/// Rounds of each side of a workload.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let words: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    println!("{:<28}{:>8}  {:>24}  {:>24}  ratio", "workload", "workers", "kerosene", "tokio");
    for workload in workloads::all() {
        if !words.is_empty() && !words.iter().any(|word| workload.name.contains(word.as_str())) {
            continue;
        }
        for workers in [1, cores] {
            measure(&workload, workers, is_test);
        }
    }
}

fn measure(workload: &Workload, workers: usize, is_test: bool) {
    let (rounds, count) =
        if is_test { (1, workload.count / 1000 + 1) } else { (ROUNDS, workload.count) };
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..rounds {
        ours.push(per_operation((workload.kerosene)(workers, count), count));
        if let Some(tokio) = workload.tokio {
            theirs.push(per_operation(tokio(workers, count), count));
        }
    }
    let (ours, theirs) = (Spread::of(ours), Spread::of(theirs));
    let ratio =
        theirs.as_ref().zip(ours.as_ref()).map(|(t, o)| format!("{:.2}", o.median / t.median));
    let text = |spread: Option<Spread>| spread.map_or_else(String::new, |s| s.to_string());
    println!(
        "{:<28}{workers:>8}  {:>24}  {:>24}  {}",
        workload.name,
        text(ours),
        text(theirs),
        ratio.unwrap_or_default(),
    );
}

#[expect(clippy::cast_precision_loss, reason = "nanoseconds and counts are far below 2^52")]
fn per_operation(took: Duration, count: u64) -> f64 {
    took.as_nanos() as f64 / count as f64
}

/// Median, least and greatest of some rounds.
struct Spread {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Spread {
    fn of(mut rounds: Vec<f64>) -> Option<Self> {
        rounds.sort_by(f64::total_cmp);
        Some(Self {
            median: *rounds.get(rounds.len() / 2)?,
            least: *rounds.first()?,
            greatest: *rounds.last()?,
        })
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} ({:.1}-{:.1})", self.median, self.least, self.greatest)
    }
}

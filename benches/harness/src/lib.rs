//! What all benches share: the command line, the rounds, the runtimes, and the table.
//!
//! A bench is a list of [`Workload`]s. Each has a side of ours, and where there is one the same
//! work on plain tokio, run in turn, so that a noisy machine disturbs both alike. A line of the
//! table is the median of the rounds with the least and the greatest, and the ratio of the medians.
//! The table is Markdown, so that a run can be shown as it is.
//!
//! ```text
//! cargo bench --bench timers                # all workloads, on one worker and on all cores
//! cargo bench --bench timers -- pending     # those whose name contains a word
//! cargo bench --bench timers -- --test      # tiny counts, to see that everything runs
//! ```

mod spread;

use std::num::NonZero;
use std::time::Duration;

use kerosene::Runtime;

use spread::Spread;

/// Rounds of each side of a workload, unless one is enough.
const ROUNDS: usize = 5;

/// A test run does so much less.
const TEST_DIVISOR: u64 = 1000;

/// Does so many operations on so many workers, and says how long it took.
pub type Timed = fn(workers: usize, count: u64) -> Duration;

/// Figures of a round, each with what it adds to the name of the workload.
pub type Figures = Vec<(&'static str, f64)>;

/// As [`Timed`], where what is measured is not the time of an operation.
pub type Measured = fn(workers: usize, count: u64) -> Figures;

/// A line of the table, or a few.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    name: &'static str,
    unit: &'static str,
    count: u64,
    rounds: usize,
    ours: Side,
    tokio: Option<Side>,
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Timed(Timed),
    Measured(Measured),
}

impl Workload {
    /// `count` operations; the figure is nanoseconds an operation.
    pub fn timed(name: &'static str, count: u64, ours: Timed) -> Self {
        Self { name, unit: "ns", count, rounds: ROUNDS, ours: Side::Timed(ours), tokio: None }
    }

    /// Figures in a unit of its own.
    pub fn measured(name: &'static str, unit: &'static str, count: u64, ours: Measured) -> Self {
        Self { name, unit, count, rounds: ROUNDS, ours: Side::Measured(ours), tokio: None }
    }

    /// The same operations on plain tokio.
    #[must_use]
    pub fn beside(self, tokio: Timed) -> Self {
        Self { tokio: Some(Side::Timed(tokio)), ..self }
    }

    /// The same figures of plain tokio.
    #[must_use]
    pub fn beside_measured(self, tokio: Measured) -> Self {
        Self { tokio: Some(Side::Measured(tokio)), ..self }
    }

    /// One round is enough: another would give the same.
    #[must_use]
    pub fn once(self) -> Self {
        Self { rounds: 1, ..self }
    }

    fn run(&self, workers: usize, is_test: bool) {
        let (rounds, count) =
            if is_test { (1, self.count / TEST_DIVISOR + 1) } else { (self.rounds, self.count) };
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for _ in 0..rounds {
            ours.push(self.ours.figures(workers, count));
            theirs.extend(self.tokio.map(|tokio| tokio.figures(workers, count)));
        }
        let Some(first) = ours.first() else { return };
        for (at, (what, _)) in first.iter().enumerate() {
            let spread = |rounds: &[Figures]| Spread::of(rounds.iter().map(|round| round[at].1));
            print_line(self.name, what, self.unit, workers, &[spread(&ours), spread(&theirs)]);
        }
    }
}

impl Side {
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds and counts are far below 2^52")]
    fn figures(self, workers: usize, count: u64) -> Figures {
        match self {
            Self::Timed(run) => {
                vec![("", run(workers, count).as_nanos() as f64 / count as f64)]
            }
            Self::Measured(run) => run(workers, count),
        }
    }
}

fn print_line(name: &str, what: &str, unit: &str, workers: usize, sides: &[Option<Spread>; 2]) {
    let text = |side: &Option<Spread>| side.as_ref().map_or_else(String::new, Spread::to_string);
    let [ours, tokio] = sides;
    let ratio = ours.as_ref().zip(tokio.as_ref()).map(|(ours, tokio)| ours.over(tokio));
    let name = format!("{name}{what}, {unit}");
    println!(
        "| {name:<42} | {workers:>7} | {:<24} | {:<24} | {:>5} |",
        text(ours),
        text(tokio),
        ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
    );
}

/// On which numbers of workers a bench runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// On one.
    One,
    /// On one, and on as many as the machine has cores.
    OneAndAll,
}

/// The `main` of a bench: runs the workloads that the command line asks for.
pub fn main(workers: Workers, workloads: &[Workload]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let words: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let mut numbers = vec![1];
    if workers == Workers::OneAndAll {
        numbers.extend(std::thread::available_parallelism().map(NonZero::get).ok());
        numbers.dedup();
    }
    println!("| {:<42} | workers | {:<24} | {:<24} | ratio |", "workload", "Kerosene", "tokio");
    println!("|{0:-<44}|---------|{0:-<26}|{0:-<26}|-------|", "");
    for workload in workloads {
        if words.is_empty() || words.iter().any(|word| workload.name.contains(word.as_str())) {
            for &workers in &numbers {
                workload.run(workers, is_test);
            }
        }
    }
}

/// Runs `body` as the first process of a runtime, and returns what it returns.
///
/// # Panics
///
/// If the runtime does not start, or the body ends abnormally.
pub fn on_kerosene<T, F>(workers: usize, body: F) -> T
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (send, receive) = std::sync::mpsc::channel();
    let runtime = Runtime::builder().worker_threads(workers).build().expect("a runtime starts");
    let stopped = runtime.run(async move {
        let _ = send.send(body.await);
    });
    assert!(!stopped.reason.is_abnormal(), "{}", stopped.reason);
    receive.recv().expect("the body has sent it")
}

/// Runs `body` as a task of a tokio runtime, and returns what it returns.
///
/// # Panics
///
/// If the runtime does not start, or the body panics.
pub fn on_tokio<T, F>(workers: usize, body: F) -> T
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(workers).enable_all().build().expect("a runtime starts");
    runtime.block_on(async { tokio::spawn(body).await.expect("no task panics") })
}

//! Runs the same work on Kerosene and on its peers, in turn, and writes what it has measured.
//!
//! ```text
//! cargo run --release -- 5                      # all, 5 rounds; writes RESULTS.md and ratios.svg
//! cargo run --release -- 3 ring ractor          # workloads and peers whose names hold a word
//! cargo run --release -- --quick                # a hundredth of the work: does it run?
//! cargo run --release -- --render results.tsv   # writes both files from an earlier run's figures
//! ```
//!
//! Every figure is from a process of its own. A round measures each workload on all peers within a
//! minute, so that whatever else the machine does disturbs those that are compared alike; who is
//! first changes from round to round.

#[path = "runner/chart.rs"]
mod chart;
#[path = "runner/machine.rs"]
mod machine;
#[path = "runner/results.rs"]
mod results;
#[path = "runner/roster.rs"]
mod roster;
#[path = "runner/table.rs"]
mod table;

use std::error::Error;
use std::io::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use peers::workload::{self, Workload};

use results::{Measured, Outcome, Results};
use roster::Contestant;

/// Rounds, if none are asked for.
const ROUNDS: usize = 5;

/// What is asked for on the command line.
#[derive(Default)]
struct Arguments {
    rounds: Option<usize>,
    words: Vec<String>,
    is_quick: bool,
    render: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse()?;
    if let Some(file) = &arguments.render {
        let results = Results::parse(&std::fs::read_to_string(file)?)?;
        return write(&results);
    }
    let workloads = arguments.workloads();
    let contestants = roster::ready(&arguments.peers())?;
    let results = run(&arguments, &workloads, &contestants)?;
    if arguments.words.is_empty() && !arguments.is_quick {
        write(&results)?;
    } else {
        print!("{}", table::figures(&results));
    }
    Ok(())
}

impl Arguments {
    fn parse() -> Result<Self, Box<dyn Error>> {
        let mut parsed = Self::default();
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => parsed.is_quick = true,
                "--render" => {
                    parsed.render = Some(arguments.next().ok_or("--render needs a file")?.into());
                }
                number if number.parse::<usize>().is_ok() => parsed.rounds = number.parse().ok(),
                option if option.starts_with('-') => return Err(format!("no {option}").into()),
                word if is_peer(word) || !workloads_with(word).is_empty() => {
                    parsed.words.push(argument);
                }
                word => return Err(format!("no workload and no peer `{word}`").into()),
            }
        }
        Ok(parsed)
    }

    /// The peers that are asked for, or all; Kerosene and tokio always.
    fn peers(&self) -> Vec<&'static str> {
        let asked: Vec<_> = self.words.iter().filter(|word| is_peer(word)).collect();
        let is_asked = |peer: &&str| {
            asked.is_empty()
                || asked.contains(&&(*peer).to_owned())
                || roster::ALWAYS.contains(peer)
        };
        roster::ALL.iter().copied().filter(is_asked).collect()
    }

    /// The workloads that are asked for, or all.
    fn workloads(&self) -> Vec<Workload> {
        let mut words = self.words.iter().filter(|word| !is_peer(word)).peekable();
        if words.peek().is_none() {
            return workload::ALL.to_vec();
        }
        words.flat_map(|word| workloads_with(word)).collect()
    }

    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.is_quick { 1 } else { ROUNDS })
    }
}

fn is_peer(word: &str) -> bool {
    roster::ALL.contains(&word)
}

fn workloads_with(word: &str) -> Vec<Workload> {
    workload::ALL.iter().filter(|workload| workload.name.contains(word)).copied().collect()
}

/// Measures all, and keeps each figure in a file as it comes.
fn run(
    arguments: &Arguments,
    workloads: &[Workload],
    contestants: &[Contestant],
) -> Result<Results, Box<dyn Error>> {
    let mut workers_each = vec![1, std::thread::available_parallelism().map_or(1, NonZero::get)];
    workers_each.dedup();
    let path = roster::target_folder()?.join("results.tsv");
    let mut file = std::fs::File::create(&path)?;
    let mut results = Results::default();
    writeln!(file, "# {}", machine::describe())?;
    results.machine = machine::describe();
    for round in 0..arguments.rounds() {
        for workload in workloads {
            let count = if arguments.is_quick { workload.count / 100 } else { workload.count };
            let count = workload.whole(count);
            for (workers, contestant) in in_turn(&workers_each, contestants, round) {
                let outcome = failed_before(&results, workload, workers, contestant)
                    .unwrap_or_else(|| contestant.measure(workload, workers, count));
                let (name, peer) = (workload.name.to_owned(), contestant.name.to_owned());
                let measured = Measured { round, workload: name, workers, peer, outcome };
                writeln!(file, "{measured}")?;
                eprintln!("{measured}");
                results.add(measured);
            }
        }
    }
    eprintln!("every figure is in {}", path.display());
    Ok(results)
}

/// All contestants for each number of workers; in each round another one is the first.
fn in_turn<'a>(
    workers_each: &'a [usize],
    contestants: &'a [Contestant],
    round: usize,
) -> impl Iterator<Item = (usize, &'a Contestant)> {
    let (late, early) = contestants.split_at(round % contestants.len());
    let order = early.iter().chain(late);
    workers_each.iter().flat_map(move |&workers| order.clone().map(move |one| (workers, one)))
}

/// Who has failed once is not waited for again.
fn failed_before(
    results: &Results,
    workload: &Workload,
    workers: usize,
    contestant: &Contestant,
) -> Option<Outcome> {
    let mut earlier = results.of(workload.name, workers, contestant.name);
    let failed = earlier.find(|one| matches!(one.outcome, Outcome::Failed(_)))?;
    Some(failed.outcome.clone())
}

/// Writes the table and the chart beside this crate's manifest.
fn write(results: &Results) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(folder.join("RESULTS.md"), table::page(results))?;
    std::fs::write(folder.join("ratios.svg"), chart::svg(results))?;
    print!("{}", table::figures(results));
    Ok(())
}

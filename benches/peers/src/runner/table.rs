//! The results as Markdown: what a reader compares first, then the figures behind it.

use std::fmt::Write;

use peers::workload::{self, Workload};

use super::results::{Figure, Outcome, Results, Summary};
use super::roster;

/// Where the greatest of the rounds is more than so many times the least, read it with care.
const SPREAD_MAX: f64 = 1.3;

/// The whole page.
pub(crate) fn page(results: &Results) -> String {
    let mut text = format!(
        "# The same work on Kerosene and on its peers\n\n\
        Written by `cargo run --release --manifest-path benches/peers/Cargo.toml -- {rounds}`;\n\
        [the page on benches](../README.md#peers) says what a workload does and what to mind.\n\n\
        Machine: {machine}. Compare ratios: what else it did is in all figures.\n\n\
        Each cell: the median of {rounds} rounds in nanoseconds an operation, the ratio to plain \
        tokio (the median of the rounds' ratios), and in brackets the least and the greatest. \
        `~` marks a greatest above {SPREAD_MAX} times the least, `-` what a peer has no means \
        for.\n\n\
        ![ratios to plain tokio](ratios.svg)\n\n",
        rounds = results.rounds(),
        machine = results.machine,
    );
    text += &figures(results);
    text += "## What an operation is\n\n| workload | operation |\n|---|---|\n";
    for workload in workload::ALL {
        let _ = writeln!(text, "| {} | {} |", workload.name, workload.operation);
    }
    text + "\n" + &missing(results)
}

/// The tables.
pub(crate) fn figures(results: &Results) -> String {
    let mut text = String::new();
    for workers in results.workers() {
        let plural = if workers == 1 { "" } else { "s" };
        let title = format!("Nanoseconds an operation, {workers} worker thread{plural}");
        text += &table(results, &title, workers, Outcome::ns);
    }
    let first = results.workers().first().copied().unwrap_or(1);
    text += &table(results, "Resident bytes of an idle actor", first, Outcome::bytes);
    text + &table(results, "Peak of resident memory, MiB", first, Outcome::peak_mib)
}

/// A row for each workload that has such a figure, a column for each peer.
fn table(results: &Results, title: &str, workers: usize, figure: Figure) -> String {
    let peers: Vec<&str> =
        roster::ALL.iter().copied().filter(|peer| results.has_peer(peer)).collect();
    let mut rows = String::new();
    for Workload { name, .. } in workload::ALL {
        let cells: Vec<_> =
            peers.iter().map(|peer| cell(results, name, workers, peer, figure)).collect();
        if cells.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit())) {
            let _ = writeln!(rows, "| {name} | {} |", cells.join(" | "));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let line = "---:|".repeat(peers.len());
    format!("## {title}\n\n| workload | {} |\n|---|{line}\n{rows}\n", peers.join(" | "))
}

fn cell(results: &Results, workload: &str, workers: usize, peer: &str, figure: Figure) -> String {
    let Some(summary) = results.summary(workload, workers, peer, figure) else {
        let mut rounds = results.of(workload, workers, peer);
        let has_failed = rounds.any(|one| matches!(one.outcome, Outcome::Failed(_)));
        return if has_failed { "failed" } else { "-" }.to_owned();
    };
    let Summary { median, least, greatest, ratio } = summary;
    let mut text = number(median);
    if let Some(ratio) = ratio.filter(|_| peer != roster::BASELINE) {
        let digits = if ratio < 10.0 { 2 } else { 0 };
        let _ = write!(text, " **×{ratio:.digits$}**");
    }
    if results.rounds() > 1 && least < greatest {
        let _ = write!(text, " ({}-{})", number(least), number(greatest));
    }
    if greatest > SPREAD_MAX * least {
        text += " ~";
    }
    text
}

fn number(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// Why cells are empty, each reason once.
fn missing(results: &Results) -> String {
    let mut lines = Vec::new();
    for Workload { name, .. } in workload::ALL {
        for peer in roster::ALL {
            for workers in results.workers() {
                let outcome = results.of(name, workers, peer).map(|one| &one.outcome);
                let reasons = outcome.filter_map(|outcome| match outcome {
                    Outcome::Lacks(why) => Some(format!("| {peer} | {name} | {why} |")),
                    Outcome::Failed(why) => Some(format!("| {peer} | {name} | failed: {why} |")),
                    Outcome::Took { .. } => None,
                });
                lines.extend(reasons);
            }
        }
    }
    lines.sort();
    lines.dedup();
    if lines.is_empty() {
        return String::new();
    }
    let lines = lines.join("\n");
    format!("## What is not there\n\n| peer | workload | why |\n|---|---|---|\n{lines}\n")
}

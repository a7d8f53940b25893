//! The results as a chart: for each workload the ratio of each peer to plain tokio, as bars that
//! start at 1, on a logarithmic scale. To the left is faster, or smaller.
//!
//! One panel for each number of workers. Nothing is drawn behind the bars, so that the chart sits
//! on a light page as well as on a dark one.

use std::fmt::Write;

use peers::workload;

use super::results::{Figure, Outcome, Results};
use super::roster;

const LABELS_WIDTH: f64 = 205.0;
const PANEL_WIDTH: f64 = 330.0;
const PANEL_GAP: f64 = 40.0;
const HEAD_HEIGHT: f64 = 64.0;
const BAR_HEIGHT: f64 = 5.0;
const GROUP_GAP: f64 = 9.0;

/// Lines of the scale; those beyond the greatest and the least ratio are left out. A bar that is
/// longer ends with the scale: actors bound to threads can be a thousand times slower.
const SCALE: &[f64] = &[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0];

/// Kerosene in a colour that stands out; the others' differ in hue and lightness.
const COLOURS: &[(&str, &str)] = &[
    ("kerosene", "#f26b1d"),
    ("actix", "#4c78a8"),
    ("ractor", "#72b7b2"),
    ("kameo", "#54a24b"),
    ("xtra", "#b279a2"),
    ("hydra", "#9d755d"),
    ("erlang", "#a90533"),
];

/// Greys that can be read on white and on black: a picture is not told which page it is on.
const STYLE: &str = "\
<style>\n\
text { font: 500 11px system-ui, sans-serif; fill: #7d858f; }\n\
.head { font-weight: 700; }\n\
.line { stroke: #7d858f; stroke-opacity: 0.3; }\n\
.one { stroke: #7d858f; stroke-width: 1.5; }\n\
</style>\n";

/// One workload: the ratios of those that have one, for each number of workers.
struct Row {
    label: &'static str,
    panels: Vec<Vec<(&'static str, f64)>>,
}

/// From ratios to places in a panel.
struct Scale {
    least: f64,
    greatest: f64,
}

/// The picture.
pub(crate) fn svg(results: &Results) -> String {
    let rows = rows(results);
    let ratios: Vec<f64> = rows.iter().flat_map(|r| &r.panels).flatten().map(|bar| bar.1).collect();
    let scale = Scale::over(&ratios);
    let workers = results.workers();
    let peers: Vec<_> = COLOURS.iter().filter(|(peer, _)| results.has_peer(peer)).collect();
    let group = places(peers.len()) * BAR_HEIGHT;
    let bottom = HEAD_HEIGHT + places(rows.len()) * (group + GROUP_GAP);
    let width = panel_left(workers.len()) - PANEL_GAP / 2.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {:.0}\" role=\"img\">\n\
        <title>Time per operation, as a ratio to plain tokio</title>\n{STYLE}",
        bottom + 24.0,
    );
    for (place, (peer, colour)) in peers.iter().enumerate() {
        let x = LABELS_WIDTH + places(place) * 90.0;
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.0}\" y=\"6\" width=\"11\" height=\"11\" fill=\"{colour}\"/>\
            <text x=\"{:.0}\" y=\"15.5\">{peer}</text>",
            x + 16.0,
        );
    }
    for (panel, workers) in workers.iter().enumerate() {
        let left = panel_left(panel);
        let plural = if *workers == 1 { "" } else { "s" };
        text(&mut svg, left, 40.0, "head", "start", &format!("{workers} worker{plural}"));
        let right = left + PANEL_WIDTH;
        text(&mut svg, right, 40.0, "", "end", "ratio to tokio, less is better");
        scale.draw(&mut svg, left, bottom);
        for (place, row) in rows.iter().enumerate() {
            let top = HEAD_HEIGHT + places(place) * (group + GROUP_GAP) + GROUP_GAP / 2.0;
            for (peer, ratio) in &row.panels[panel] {
                let Some(nth) = peers.iter().position(|(name, _)| name == peer) else { continue };
                let (from, to) = (scale.place(1.0), scale.place(*ratio));
                let _ = writeln!(
                    svg,
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{BAR_HEIGHT}\" \
                    fill=\"{}\"><title>{peer}, {}: {ratio:.2}</title></rect>",
                    left + from.min(to),
                    top + places(nth) * BAR_HEIGHT,
                    (from - to).abs().max(1.0),
                    peers[nth].1,
                    row.label,
                );
            }
        }
    }
    for (place, row) in rows.iter().enumerate() {
        let y = HEAD_HEIGHT + (places(place) + 0.5) * (group + GROUP_GAP) + 4.0;
        text(&mut svg, LABELS_WIDTH - 12.0, y, "", "end", row.label);
    }
    svg + "</svg>\n"
}

/// What tokio has a figure for, and the memory of an idle actor.
fn rows(results: &Results) -> Vec<Row> {
    let row = |label, workload, figure: Figure| {
        let ratios = |workers| {
            let ratio = |peer: &str| results.summary(workload, workers, peer, figure)?.ratio;
            COLOURS.iter().filter_map(|(peer, _)| Some((*peer, ratio(peer)?))).collect()
        };
        Row { label, panels: results.workers().into_iter().map(ratios).collect() }
    };
    let mut rows: Vec<Row> =
        workload::ALL.iter().map(|one| row(one.name, one.name, Outcome::ns)).collect();
    rows.push(row("bytes of an idle actor", "spawn idle", Outcome::bytes));
    rows.retain(|row| row.panels.iter().any(|panel| !panel.is_empty()));
    rows
}

impl Scale {
    /// From one line of the scale to another, such that all ratios are between.
    fn over(ratios: &[f64]) -> Self {
        let below = |line: &&f64| ratios.iter().all(|ratio| ratio >= *line);
        let above = |line: &&f64| ratios.iter().all(|ratio| ratio <= *line);
        let least = SCALE.iter().rev().find(below).unwrap_or(&SCALE[0]);
        let greatest = SCALE.iter().find(above).unwrap_or(&SCALE[SCALE.len() - 1]);
        Self { least: least.min(0.5), greatest: greatest.max(2.0) }
    }

    /// How far from the left of the panel; what is beyond the scale ends with it.
    fn place(&self, ratio: f64) -> f64 {
        let whole = (self.greatest / self.least).ln();
        PANEL_WIDTH * ((ratio / self.least).ln() / whole).clamp(0.0, 1.0)
    }

    fn draw(&self, svg: &mut String, left: f64, bottom: f64) {
        let lines = SCALE.iter().filter(|line| (self.least..=self.greatest).contains(line));
        for line in lines {
            let x = left + self.place(*line);
            // The line is no ratio that was computed.
            let (class, label) = match line {
                line if line.to_bits() == 1_f64.to_bits() => ("one", roster::BASELINE.to_owned()),
                line => ("line", format!("{line}")),
            };
            let _ = writeln!(
                svg,
                "<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{HEAD_HEIGHT}\" \
                y2=\"{bottom:.0}\"/>",
            );
            for y in [HEAD_HEIGHT - 7.0, bottom + 15.0] {
                text(svg, x, y, "", "middle", &label);
            }
        }
    }
}

fn text(svg: &mut String, x: f64, y: f64, class: &str, anchor: &str, what: &str) {
    let _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"{anchor}\">{what}</text>"
    );
}

fn panel_left(panel: usize) -> f64 {
    LABELS_WIDTH + places(panel) * (PANEL_WIDTH + PANEL_GAP)
}

#[expect(clippy::cast_precision_loss, reason = "there are a few dozen rows")]
fn places(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_holds_every_ratio_and_puts_half_and_double_equally_far_from_one() {
        let scale = Scale::over(&[0.06, 3.0]);
        assert_eq!((scale.least, scale.greatest), (0.05, 5.0));
        let apart = |ratio: f64| (scale.place(ratio) - scale.place(1.0)).abs();
        assert!((apart(0.5) - apart(2.0)).abs() < 1e-9);
        assert!((scale.place(500.0) - PANEL_WIDTH).abs() < 1e-9);
    }
}

//! The same work on Kerosene and on its peers: what the program of each peer shares.
//!
//! A program `on-<peer>` does one workload and exits, so that no figure is coloured by the memory
//! and the threads of an earlier one. The workloads are written once, in [`driver`]; a peer brings
//! its actors ([`Peer`]), each written as that peer's users would.
//!
//! ```text
//! on-tokio "ring of 1000, 1 token" 2 1000000      # workload, workers, count
//! ns 143.2
//! peak_mib 5
//! ```

pub mod clock;
pub mod driver;
pub mod peer;
pub mod workload;

pub use clock::{Clock, Total};
pub use peer::{Peer, Then};
pub use workload::{Crash, Kind, Pace, Workload};

/// The `main` of every peer's program.
///
/// # Panics
///
/// If the arguments are not those that the runner gives.
pub fn main<P: Peer>() -> ! {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, workers, count] = arguments.as_slice() else {
        panic!("arguments: workload, workers, count; `cargo run` here runs them all");
    };
    let workload = workload::find(name).unwrap_or_else(|| panic!("no workload `{name}`"));
    let workers = workers.parse().expect("a number of workers");
    let count = workload.whole(count.parse().expect("a number of operations"));
    match P::lacks(workload.kind) {
        Some(why) => println!("lacks {why}"),
        None => driver::measure::<P>(workload, workers, count),
    }
    // What is still alive is not waited for: its end is not what is measured.
    std::process::exit(0)
}

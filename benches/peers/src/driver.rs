//! The workloads, once for all peers: which actors are started, what they are sent, and when the
//! clock starts and stops.

use crate::workload::RING_SIZE;
use crate::{Clock, Kind, Peer, Then, Total, Workload};

/// Does a workload once and prints what was measured.
pub fn measure<P: Peer>(workload: Workload, workers: usize, count: u64) {
    let clock = clock(workload.kind, count);
    if let Kind::Restart(_) = workload.kind {
        // A message on standard error for each panic would be most of what is measured.
        std::panic::set_hook(Box::new(|_| {}));
    }
    let resident_before = status("VmRSS");
    let driven = clock.clone();
    P::run(workers, async move {
        drive::<P>(workload.kind, count, driven).await;
    });
    let took = clock.wait();
    let operations = workload.operations(count);
    println!("ns {:.1}", nanoseconds_each(took, operations));
    if workload.kind == Kind::Idle {
        println!("bytes {}", status("VmRSS").saturating_sub(resident_before) / operations);
    }
    println!("peak_mib {}", status("VmHWM") >> 20);
}

/// The clock of a workload: how many events stop it.
fn clock(kind: Kind, count: u64) -> Clock {
    match kind {
        Kind::Lives { batch } => Clock::new(count, batch.min(count)),
        Kind::Idle => Clock::new(count, count),
        Kind::Flood { receivers, .. } => Clock::new(receivers, receivers),
        Kind::Ring { tokens } => Clock::new(tokens, tokens),
        Kind::Restart(_) => Clock::new(count + 1, 1),
        _ => Clock::new(1, 1),
    }
}

/// Never returns: what it has started lives as long as its handles.
async fn drive<P: Peer>(kind: Kind, count: u64, clock: Clock) {
    match kind {
        Kind::PingPong => ring::<P>(2, 1, 2 * count, clock).await,
        Kind::Ring { tokens } => ring::<P>(RING_SIZE, tokens, count, clock).await,
        Kind::Call => calls::<P>(&P::server().await, count, clock).await,
        Kind::Flood { senders, receivers, pace } => {
            let mut sinks = Vec::new();
            for place in 0..receivers {
                sinks.push(P::sink(place, count / receivers, Then::Stay, clock.clone()).await);
            }
            clock.start();
            let mut kept = Vec::new();
            for place in 0..senders {
                // The one sender is not where the first receiver is.
                let sender = P::sender(place + 1, sinks.clone(), count / senders, pace);
                kept.push(sender.await);
            }
            std::future::pending::<()>().await;
        }
        Kind::Lives { batch } => {
            let batch = batch.min(count);
            clock.start();
            for _ in 0..count / batch {
                for place in 0..batch {
                    let sink = P::sink(place, 1, Then::Leave, clock.clone()).await;
                    P::tick(&sink).await;
                }
                clock.batch().await;
            }
        }
        Kind::Idle => {
            clock.start();
            for place in 0..count {
                let sink = P::sink(place, 0, Then::Stay, clock.clone()).await;
                // Not into a vector: it would be part of what an actor takes.
                std::mem::forget(sink);
            }
        }
        Kind::Skynet => {
            clock.start();
            P::skynet(Total { clock, leaves: count }).await;
        }
        Kind::Restart(crash) => P::restarts(count, crash, clock).await,
        // The first exchange behind a backlog is not timed: what follows it is the rule.
        Kind::CallBehind { backlog } => {
            P::fill_mailbox(backlog).await;
            let server = P::server().await;
            P::call(&server, 0).await;
            calls::<P>(&server, count, clock).await;
        }
        Kind::RequestBehind { backlog } => {
            P::fill_mailbox(backlog).await;
            let server = P::server().await;
            P::request(&server, 0).await;
            clock.start();
            for number in 0..count {
                assert_eq!(P::request(&server, number).await, number + 1);
            }
            clock.hit();
        }
    }
    std::future::pending::<()>().await;
}

async fn calls<P: Peer>(server: &P::Server, count: u64, clock: Clock) {
    clock.start();
    for number in 0..count {
        assert_eq!(P::call(server, number).await, number + 1);
    }
    clock.hit();
}

async fn ring<P: Peer>(size: u64, tokens: u64, hops: u64, clock: Clock) {
    let mut nodes = Vec::new();
    for place in 0..size {
        nodes.push(P::node(place, clock.clone()).await);
    }
    for (node, next) in nodes.iter().zip(nodes.iter().cycle().skip(1)) {
        P::connect(node, next.clone()).await;
    }
    clock.start();
    let apart = nodes.len() / usize::try_from(tokens).expect("few tokens");
    for node in nodes.iter().step_by(apart) {
        P::pass(node, hops / tokens).await;
    }
    std::future::pending::<()>().await;
}

#[expect(clippy::cast_precision_loss, reason = "nanoseconds and counts are far below 2^52")]
fn nanoseconds_each(took: std::time::Duration, operations: u64) -> f64 {
    took.as_nanos() as f64 / operations as f64
}

/// A line of what Linux knows about this program, in bytes; 0 on other systems.
fn status(field: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.map_or(0, |kib| kib * 1024)
}

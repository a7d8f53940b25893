//! How often a `receive!` looks at a message, and what a long mailbox costs.
//!
//! Two promises make selective receives affordable: a receive that waits does not look again at
//! what it has passed over, and one that asks for a type does not meet messages of other types.
//! The first is counted by guards. The second is a matter of time, so it is measured on real
//! threads, as a ratio with a wide margin: without the promise it would be hundreds, not ten.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use kerosene::prelude::*;

/// Messages that no receive of the measured kind wants.
const BACKLOG: u64 = 100_000;

/// Round trips per sample; the best of several samples counts, so that others on the machine
/// matter little.
const ROUNDS: u32 = 500;
const SAMPLES: u32 = 10;

/// How much slower a round trip may be in front of a backlog.
const RATIO_MAX: u32 = 10;

#[derive(Debug)]
struct Junk(usize);

struct Wanted;

/// Waits for `Wanted`, passing over `Junk` with a guard that counts, while `senders` processes send
/// it; returns how often each piece of junk was looked at.
async fn looks_at_junk(senders: usize, each: usize) -> Vec<u32> {
    let looks = Arc::new(Mutex::new(vec![0_u32; senders * each]));
    let count = Arc::clone(&looks);
    let (receiver, ended) = spawn_monitor(async move {
        let look = |n: usize| {
            count.lock().expect("nobody panics")[n] += 1;
            false
        };
        receive! {
            Junk(n) if look(n) => unreachable!("the guard says no"),
            Wanted => (),
        }
    });
    let mut monitors = Vec::new();
    for sender in 0..senders {
        monitors.push(spawn_monitor(async move {
            for n in 0..each {
                send(receiver, Junk(sender * each + n));
                send(receiver, "of another type");
                assert!(is_alive(receiver).await, "a signal that is no message");
                yield_now().await;
            }
        }));
    }
    for (_, sent) in monitors {
        receive! { Down { monitor, reason, .. } if monitor == sent => {
            assert_eq!(reason, ExitReason::Normal);
        } }
    }
    send(receiver, Wanted);
    receive! { Down { monitor, reason, .. } if monitor == ended => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    looks.lock().expect("nobody panics").clone()
}

#[kerosene::test(seeds = 200)]
async fn a_waiting_receive_looks_at_a_message_once() {
    assert_eq!(looks_at_junk(2, 10).await, vec![1; 20]);
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_waiting_receive_looks_at_a_message_once_on_real_threads() {
    assert_eq!(looks_at_junk(4, 500).await, vec![1; 2000]);
}

/// Passes over all junk, and returns what it saw.
async fn look_at_all() -> Vec<usize> {
    let mut seen = Vec::new();
    receive! {
        Junk(n) if { seen.push(n); false } => (),
        after Duration::ZERO => (),
    }
    seen
}

#[kerosene::test(seeds = 50)]
async fn the_next_receive_starts_at_the_oldest_message() {
    for n in 0..4 {
        send(pid(), Junk(n));
    }
    assert_eq!(look_at_all().await, [0, 1, 2, 3]);
    assert_eq!(look_at_all().await, [0, 1, 2, 3], "the last one timed out");
    receive! { Junk(n) if n == 2 => () }
    assert_eq!(look_at_all().await, [0, 1, 3], "the last one matched");
    tokio::select! {
        biased;
        () = async { receive! { Junk(n) if n > 3 => unreachable!("there is none") } } => (),
        () = sleep(Duration::from_secs(1)) => (),
    }
    assert_eq!(look_at_all().await, [0, 1, 3], "the last one was dropped");
    receive! { Junk(n) => assert_eq!(n, 0) }
}

/// The time of a round trip to `echo`: a request, and a reply that is asked for by its type.
async fn round_trip(echo: Pid) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..SAMPLES {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            send(echo, pid());
            receive! { Wanted => () }
        }
        best = best.min(start.elapsed() / ROUNDS);
    }
    best
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_backlog_of_other_types_costs_nothing() {
    let echo = spawn_link(async {
        loop {
            receive! { from: Pid => send(from, Wanted) }
        }
    });
    let empty = round_trip(echo).await;
    for n in 0..BACKLOG {
        match n % 3 {
            0 => send(pid(), n),
            1 => send(pid(), (n, "a pair")),
            _ => send(pid(), [n; 5]),
        }
    }
    let full = round_trip(echo).await;
    let left = process_info(pid()).await.map(|info| info.mailbox_len);
    assert_eq!(left, usize::try_from(BACKLOG).ok());
    assert!(full < empty * RATIO_MAX, "{full:?} in front of a backlog, {empty:?} without");
}

#[kerosene::test(real, worker_threads = 2)]
async fn taking_a_backlog_apart_by_type_costs_what_it_costs_in_order() {
    let time_of = async |by_type: bool| {
        for n in 0..BACKLOG {
            if n % 2 == 0 { send(pid(), n) } else { send(pid(), Junk(0)) }
        }
        let start = Instant::now();
        for n in 0..BACKLOG {
            if by_type && n < BACKLOG / 2 {
                receive! { Junk(_) => () }
            } else if by_type {
                receive! { _: u64 => () }
            } else {
                receive! { Junk(_) => (), _: u64 => () }
            }
        }
        start.elapsed()
    };
    let in_order = time_of(false).await.min(time_of(false).await);
    let by_type = time_of(true).await.min(time_of(true).await);
    assert!(by_type < in_order * RATIO_MAX, "{by_type:?} by type, {in_order:?} in order");
}

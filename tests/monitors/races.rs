//! Monitors set and taken back while their target ends. Simulations try all orders of turns, and
//! real threads what no order of turns can show: a `Down` that is on its way while its receiver
//! runs.

use kerosene::prelude::*;

use crate::race::{Aim, Ender};
use crate::{down, hears_no_down};

/// Gives way some times.
async fn give_way(times: u64) {
    for _ in 0..times {
        yield_now().await;
    }
}

/// Takes a monitor back that may fire at the same time. What the answer promises must hold.
async fn demonitor_while_it_ends(delays: u64) {
    let worker = spawn(async move {
        give_way(delays % 3).await;
        exit("in between")
    });
    let watch = monitor(worker);
    give_way(delays / 3 % 3).await;
    if !demonitor(watch) {
        receive! {
            Down { monitor, pid, .. } => assert_eq!((monitor, pid), (watch, worker)),
            after Duration::ZERO => panic!("it has fired, so its `Down` is in the mailbox"),
        }
    }
    down(monitor(worker)).await;
    hears_no_down().await;
}

/// The same with a flush: nothing is left, whatever the answer is.
async fn flush_while_it_ends(delays: u64) {
    let worker = spawn(async move {
        give_way(delays % 3).await;
    });
    let watch = monitor(worker);
    give_way(delays / 3 % 3).await;
    demonitor_flush(watch);
    down(monitor(worker)).await;
    hears_no_down().await;
}

#[kerosene::test(seeds = 300)]
async fn nothing_of_a_monitor_arrives_after_demonitor() {
    for delays in 0..9 {
        demonitor_while_it_ends(delays).await;
        flush_while_it_ends(delays).await;
    }
}

#[kerosene::test(seeds = 300)]
async fn a_fired_monitor_has_its_down_in_the_mailbox() {
    let mut fired = 0;
    for yields in 0..6 {
        let worker = spawn(async {});
        let watch = monitor(worker);
        give_way(yields).await;
        if !demonitor(watch) {
            fired += 1;
            let info = process_info(pid()).await.expect("it is me");
            assert_eq!(info.mailbox_len, 1);
            receive! { Down { monitor, .. } => assert_eq!(monitor, watch) }
        }
        down(monitor(worker)).await;
    }
    assert!(fired < 6, "the first one is taken back before the worker had a turn");
}

/// Rounds of a race.
const ROUNDS: u64 = 5_000;

/// A process that will end in a moment.
async fn about_to_end(ender: &Ender) -> Pid {
    let worker = spawn(async {
        receive! { "end" => exit("just now") }
    });
    assert!(is_alive(worker).await);
    ender.end(worker);
    worker
}

#[kerosene::test(real, worker_threads = 4)]
async fn nothing_of_a_monitor_arrives_after_demonitor_on_real_threads() {
    let ender = Ender::new();
    let mut aim = Aim::new();
    for round in 0..ROUNDS {
        let worker = about_to_end(&ender).await;
        let watch = monitor(worker);
        aim.wait();
        if round % 2 == 0 {
            yield_now().await;
        }
        let was_active = demonitor(watch);
        let is_there = receive! {
            Down { monitor, .. } if monitor == watch => true,
            after Duration::ZERO => false,
        };
        assert_eq!(is_there, !was_active);
        let second = down(monitor(worker)).await;
        aim.adjust(second == ExitReason::NoProc);
        hears_no_down().await;
    }
}

#[kerosene::test(seeds = 300)]
async fn a_monitor_that_races_death_fires_once() {
    for delay in 0..6 {
        let worker = spawn(async { exit("just now") });
        give_way(delay).await;
        let watch = monitor(worker);
        let reason = down(watch).await;
        assert!(reason == ExitReason::NoProc || reason == "just now".into(), "{reason}");
        hears_no_down().await;
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_monitor_that_races_death_fires_once_on_real_threads() {
    let ender = Ender::new();
    let mut aim = Aim::new();
    for _ in 0..ROUNDS {
        let worker = about_to_end(&ender).await;
        aim.wait();
        let watches: Vec<_> = (0..8).map(|_| monitor(worker)).collect();
        let mut earlier_ones_are_late = false;
        for watch in watches {
            let reason = down(watch).await;
            let is_late = reason == ExitReason::NoProc;
            assert!(is_late || reason == "just now".into(), "{reason}");
            assert!(is_late || !earlier_ones_are_late, "a later monitor cannot be in time");
            earlier_ones_are_late = is_late;
        }
        aim.adjust(earlier_ones_are_late);
        hears_no_down().await;
    }
}

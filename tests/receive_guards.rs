//! Guards of a `receive!`: part of the match, and code of the user that runs while a message is out
//! of the mailbox.
//!
//! Whatever a guard does, panic or reach into the mailbox itself, every message that was not taken
//! must be found in its place. As in `selective_receive`, each claim is tried on messages never
//! looked at and on messages passed over.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use kerosene::prelude::*;

/// Never sent.
struct Nothing;

async fn pass_over_all() {
    receive! { Nothing => unreachable!("nobody sends it"), after Duration::ZERO => () }
}

/// All numbers, oldest first.
async fn drain() -> Vec<u32> {
    let mut numbers = Vec::new();
    loop {
        receive! { n: u32 => numbers.push(n), after Duration::ZERO => return numbers }
    }
}

#[kerosene::test(seeds = 20)]
async fn a_guard_runs_once_per_candidate() {
    for passed_over in [false, true] {
        for n in 0..600_u32 {
            send(pid(), n);
        }
        if passed_over {
            pass_over_all().await;
        }
        let mut seen = Vec::new();
        receive! {
            n: u32 if {
                seen.push(n);
                n == 599
            } => assert_eq!(n, 599),
        }
        assert_eq!(seen, (0..600).collect::<Vec<_>>());
        assert_eq!(drain().await.len(), 599);
    }
}

fn burst(n: u32) -> bool {
    assert_ne!(n, 2, "the guard panics at 2");
    false
}

#[kerosene::test(seeds = 20)]
async fn a_panicking_guard_loses_no_message() {
    for passed_over in [false, true] {
        for n in 1..=3_u32 {
            send(pid(), n);
        }
        if passed_over {
            pass_over_all().await;
        }
        let receive = async {
            receive! {
                n: u32 if burst(n) => unreachable!("never true"),
                3: u32 => unreachable!("the panic comes first"),
                n: u32 if n == 2 => unreachable!("a panic is no `false`"),
            }
        };
        let caught = AssertUnwindSafe(receive).catch_unwind().await.expect_err("2 is there");
        let text = caught.downcast_ref::<String>().expect("a panic with a text");
        assert!(text.contains("the guard panics at 2"), "{text}");
        assert_eq!(drain().await, [1, 2, 3]);
    }
}

#[kerosene::test]
async fn a_guard_that_panics_for_one_alternative_ends_the_receive() {
    type Pair = (Option<u32>, Option<u32>);
    send(pid(), (Some(2_u32), Some(4_u32)));
    let receive = async {
        receive! { (Some(n), _) | (_, Some(n)): Pair if { burst(n); true } => n }
    };
    let taken = AssertUnwindSafe(receive).catch_unwind().await;
    assert!(taken.is_err(), "taken with {taken:?} although its guard had panicked");
    send(pid(), 1_u32);
    receive! { n: u32 if n > 1 => unreachable!(), after Duration::ZERO => () }
    receive! { pair: Pair => assert_eq!(pair, (Some(2), Some(4))) }
}

/// The ends of two monitored processes, whose `Down`s are in the mailbox in this order.
async fn two_ends() -> (Monitor, Monitor) {
    let (_, first) = spawn_monitor(async {});
    sleep(Duration::from_secs(1)).await;
    let (_, second) = spawn_monitor(async {});
    sleep(Duration::from_secs(1)).await;
    (first, second)
}

#[kerosene::test(seeds = 20)]
async fn a_guard_that_flushes_a_monitor_loses_no_message() {
    for passed_over in [false, true] {
        let (first, second) = two_ends().await;
        if passed_over {
            pass_over_all().await;
        }
        receive! {
            Down { monitor, .. } if monitor == second && demonitor_flush(first) => unreachable!(),
            after Duration::ZERO => (),
        }
        receive! {
            Down { monitor, .. } => assert_eq!(monitor, second, "the first was flushed"),
            after Duration::ZERO => panic!("the second `Down` is lost"),
        }
    }
}

#[kerosene::test(seeds = 20)]
async fn a_guard_that_flushes_a_monitor_takes_what_it_was_asked_about() {
    for passed_over in [false, true] {
        let (first, second) = two_ends().await;
        let (_, third) = spawn_monitor(async {});
        sleep(Duration::from_secs(1)).await;
        if passed_over {
            pass_over_all().await;
        }
        receive! {
            Down { monitor, .. } if monitor == second && !demonitor_flush(first) => (),
        }
        receive! {
            Down { monitor, .. } => assert_eq!(monitor, third, "neither flushed nor taken"),
            after Duration::ZERO => panic!("the third `Down` is lost"),
        }
        receive! { other => panic!("{other:?} is left"), after Duration::ZERO => () }
    }
}

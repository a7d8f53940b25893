//! Intervals: the same message again and again, in a rhythm that being late does not shift.
//!
//! In virtual time every tick has its moment. `tokio::time::advance` makes the runtime late: the
//! clock jumps, and whatever was due meanwhile is overdue at once.

use std::panic::resume_unwind;

use kerosene::prelude::*;
use tokio::time::{Instant, advance};

const SECOND: Duration = Duration::from_secs(1);

/// tokio's timers go by milliseconds, rounded up.
const LATE_MAX: Duration = Duration::from_millis(1);

#[derive(Debug, Clone, PartialEq)]
struct Tick(u32);

/// The next tick, and how many milliseconds after `start` it came.
async fn next_tick(start: Instant) -> u128 {
    receive! { Tick(_) => start.elapsed().as_millis() }
}

#[kerosene::test(seeds = 50)]
async fn an_interval_sends_after_each_period() {
    let start = Instant::now();
    let interval = schedule_interval(3 * SECOND, pid(), Tick(7));
    for n in 1..=20 {
        receive! { Tick(7) => (), after 4 * SECOND => panic!("tick {n} has not come") }
        let (at, due) = (start.elapsed(), n * 3 * SECOND);
        assert!(at >= due && at <= due + LATE_MAX, "tick {n} at {at:?}");
        let left = interval.remaining().expect("it goes on");
        assert!(left <= 3 * SECOND && left + 2 * LATE_MAX >= 3 * SECOND, "{left:?}");
    }
}

#[kerosene::test(seeds = 50)]
async fn an_interval_keeps_its_period() {
    let start = Instant::now();
    schedule_interval(10 * SECOND, pid(), Tick(1));
    assert_eq!(next_tick(start).await, 10_000);
    // Late by five seconds: the tick of 20 comes at 25, the next ones when they are due.
    advance(15 * SECOND).await;
    assert_eq!(next_tick(start).await, 25_000);
    assert_eq!(next_tick(start).await, 30_000);
    assert_eq!(next_tick(start).await, 40_000);
    // Late by three and a half periods: no burst of what was missed, and the rhythm stays.
    advance(35 * SECOND).await;
    assert_eq!(next_tick(start).await, 75_000);
    assert_eq!(next_tick(start).await, 80_000);
    assert_eq!(next_tick(start).await, 90_000);
}

#[kerosene::test(seeds = 50)]
async fn a_receiver_that_is_late_does_not_shift_the_interval() {
    let start = Instant::now();
    schedule_interval(10 * SECOND, pid(), Tick(1));
    sleep(35 * SECOND).await;
    for _ in 0..3 {
        assert_eq!(next_tick(start).await, 35_000, "ticks wait in the mailbox");
    }
    assert_eq!(next_tick(start).await, 40_000);
}

#[kerosene::test(seeds = 100)]
async fn an_interval_ends_with_its_destination() {
    let (target, watch) = spawn_monitor(async {
        for _ in 0..3 {
            receive! { Tick(_) => () }
        }
    });
    let interval = schedule_interval(SECOND, target, Tick(1));
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(interval.remaining(), None);
    assert_eq!(interval.cancel(), None);
}

#[kerosene::test(seeds = 50)]
async fn an_interval_for_a_name_goes_on_without_anybody() {
    let interval = schedule_interval(SECOND, "clock", Tick(1));
    sleep(5 * SECOND).await;
    assert!(interval.remaining().is_some());
    let start = Instant::now();
    register("clock", pid()).expect("the name is free");
    receive! { Tick(_) => assert!(start.elapsed() <= SECOND + LATE_MAX) }
    receive! { Tick(_) => (), after 2 * SECOND => panic!("it has stopped") }
}

#[kerosene::test(seeds = 50)]
async fn an_interval_outlives_its_creator() {
    let parent = pid();
    let (_, watch) = spawn_monitor(async move {
        schedule_interval(SECOND, parent, Tick(1));
    });
    receive! { Down { monitor, .. } if monitor == watch => () }
    for _ in 0..3 {
        receive! { Tick(1) => (), after 2 * SECOND => panic!("it has stopped") }
    }
}

/// No copy can be made of `Brittle(0)`.
struct Brittle(u32);

impl Clone for Brittle {
    fn clone(&self) -> Self {
        if self.0 == 0 {
            resume_unwind(Box::new("no more copies"));
        }
        Self(self.0)
    }
}

#[kerosene::test]
async fn an_interval_whose_message_panics_is_over() {
    let good = schedule_interval(SECOND, pid(), Brittle(1));
    let bad = schedule_interval(SECOND, pid(), Brittle(0));
    for _ in 0..3 {
        receive! { Brittle(n) => assert_eq!(n, 1), after 2 * SECOND => panic!("all stopped") }
    }
    assert!(good.remaining().is_some());
    assert_eq!(bad.remaining(), None);
    assert_eq!(bad.cancel(), None);
}

//! Timers: messages sent later, to whom, and how they are taken back.
//!
//! Time is virtual in most of these tests, so that "a second later" is exact to tokio's
//! millisecond. The races of a timer with its cancelling and with the end of its destination are in
//! `timer_races`, the intervals in `intervals`.

use std::time::Instant as RealInstant;

use kerosene::prelude::*;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// tokio's timers go by milliseconds, rounded up.
const TICK: Duration = Duration::from_millis(1);

#[derive(Debug, PartialEq)]
struct Ring(u32);

/// A process that has ended.
async fn dead() -> Pid {
    let (pid, watch) = spawn_monitor(async {});
    receive! { Down { monitor, .. } if monitor == watch => pid }
}

async fn nothing_rings() {
    receive! {
        Ring(n) => panic!("{n} has rung"),
        Timeout { message, .. } => panic!("{message:?} has rung"),
        after 1000 * SECOND => (),
    }
}

#[kerosene::test(seeds = 50)]
async fn schedule_delivers_the_message_itself() {
    let start = Instant::now();
    schedule(SECOND, pid(), Ring(1));
    schedule(2 * SECOND, pid(), String::from("of any type"));
    receive! { Ring(n) => assert_eq!(n, 1) }
    assert!(start.elapsed() >= SECOND && start.elapsed() <= SECOND + TICK);
    receive! { text: String => assert_eq!(text, "of any type") }
    assert!(start.elapsed() >= 2 * SECOND && start.elapsed() <= 2 * SECOND + TICK);
    nothing_rings().await;
}

#[kerosene::test(seeds = 50)]
async fn start_timer_delivers_a_timeout() {
    let late = start_timer(2 * SECOND, pid(), Ring(2));
    let early = start_timer(SECOND, pid(), Ring(1));
    assert_ne!(early, late);
    receive! { Timeout { timer, message, .. } if timer == late => {
        assert_eq!(message.downcast().ok(), Some(Ring(2)));
    } }
    receive! { Timeout { timer, message, .. } => {
        assert_eq!(timer, early);
        assert_eq!(message.downcast().ok(), Some(Ring(1)));
    } }
    nothing_rings().await;
}

#[kerosene::test(seeds = 50)]
async fn a_timer_is_never_early() {
    for nanos in [1, 999, 500_000, 999_999, 1_000_001, 1_234_567_891] {
        let delay = Duration::from_nanos(nanos);
        let start = Instant::now();
        schedule(delay, pid(), Ring(1));
        receive! { Ring(_) => () }
        let took = start.elapsed();
        assert!(took >= delay && took <= delay + TICK, "{took:?} instead of {delay:?}");
    }
    let start = Instant::now();
    for tenths in 1..50 {
        schedule(tenths * TICK / 10, pid(), Ring(tenths));
    }
    for tenths in 1..50 {
        receive! { Ring(n) => assert_eq!(n, tenths) }
        let took = start.elapsed();
        assert!(took >= tenths * TICK / 10, "{took:?} instead of {tenths} tenths of {TICK:?}");
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_timer_is_never_early_on_real_threads() {
    let start = RealInstant::now();
    let mut due = Vec::new();
    for n in 0..500_u32 {
        let delay = Duration::from_micros(u64::from(n * 7919 % 30_011));
        due.push(start.elapsed() + delay);
        schedule(delay, pid(), Ring(n));
    }
    for _ in 0..500 {
        receive! { Ring(n) => {
            let (now, due) = (start.elapsed(), due[n as usize]);
            assert!(now >= due, "timer {n} rang at {now:?}, due at {due:?}");
        } }
    }
}

#[kerosene::test(seeds = 50)]
async fn a_timer_of_zero_does_not_fire_within_the_call() {
    schedule(Duration::ZERO, pid(), Ring(1));
    let info = process_info(pid()).await.expect("it is alive");
    assert_eq!(info.mailbox_len, 0, "it was sent by the call");
    receive! { Ring(1) => (), after SECOND => panic!("it was not sent at all") }
}

#[kerosene::test(seeds = 100)]
async fn timers_fire_in_the_order_of_their_times() {
    let mut dice = 1_u32;
    for _ in 0..200 {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let millis = dice >> 20;
        schedule(Duration::from_millis(u64::from(millis)), pid(), Ring(millis));
    }
    let mut last = 0;
    for _ in 0..200 {
        receive! { Ring(millis) => {
            assert!(millis >= last, "{millis} came after {last}");
            last = millis;
        } }
    }
    nothing_rings().await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn timers_fire_in_the_order_of_their_times_on_real_threads() {
    // Made in the order of their numbers, at the same distance, so their times differ for sure.
    let delay = Duration::from_millis(5);
    for n in 0..5000 {
        schedule(delay + n * Duration::from_micros(1), pid(), Ring(n));
    }
    for n in 0..5000 {
        receive! { Ring(rung) => assert_eq!(rung, n) }
    }
}

#[kerosene::test(seeds = 100)]
async fn a_timer_ends_with_its_destination() {
    let (sleeper, watch) = spawn_monitor(async { sleep(2 * SECOND).await });
    let before = schedule(SECOND, sleeper, Ring(1));
    let after = schedule(3 * SECOND, sleeper, Ring(2));
    let wrapped = start_timer(Duration::MAX, sleeper, Ring(3));
    assert!([before, after, wrapped].iter().all(|timer| timer.remaining().is_some()));
    receive! { Down { monitor, .. } if monitor == watch => () }
    for timer in [before, after, wrapped] {
        assert_eq!(timer.remaining(), None);
        assert_eq!(timer.cancel(), None);
    }
}

#[kerosene::test(seeds = 50)]
async fn a_timer_to_the_dead_never_starts() {
    let dead = dead().await;
    for timer in [
        schedule(SECOND, dead, Ring(1)),
        start_timer(SECOND, dead, Ring(1)),
        schedule_interval(SECOND, dead, 1_u32),
    ] {
        assert_eq!(timer.remaining(), None);
        assert_eq!(timer.cancel(), None);
    }
}

#[kerosene::test(seeds = 50)]
async fn a_name_is_looked_up_when_the_timer_fires() {
    let timer = schedule(SECOND, "bell", Ring(1));
    assert!(timer.remaining().is_some(), "nobody need have the name yet");
    let first = spawn(async {
        receive! { Ring(_) => panic!("it is not called so any more") }
    });
    register("bell", first).expect("the name is free");
    sleep(SECOND / 2).await;
    exit_signal(first, ExitReason::Kill);
    assert!(!is_alive(first).await);
    assert!(timer.remaining().is_some(), "it is aimed at the name, not at the process");
    register("bell", pid()).expect("the name is free again");
    receive! { Ring(1) => (), after SECOND => panic!("it has not rung") }
    unregister("bell").expect("it is registered");
    schedule(SECOND, "bell", Ring(2));
    nothing_rings().await;
}

#[kerosene::test(seeds = 50)]
async fn a_timer_outlives_its_creator() {
    let parent = pid();
    let (_, watch) = spawn_monitor(async move {
        schedule(2 * SECOND, parent, Ring(1));
        start_timer(SECOND, parent, Ring(2));
    });
    receive! { Down { monitor, .. } if monitor == watch => () }
    receive! { Timeout { message, .. } => assert_eq!(message.downcast().ok(), Some(Ring(2))) }
    receive! { Ring(n) => assert_eq!(n, 1) }
}

#[kerosene::test(seeds = 50)]
async fn any_holder_may_cancel_a_timer() {
    let timer = schedule(10 * SECOND, pid(), Ring(1));
    let parent = pid();
    spawn_link(async move {
        sleep(SECOND).await;
        send(parent, timer.remaining());
        send(parent, timer.cancel());
    });
    for what in ["remaining", "cancel"] {
        receive! { left: Option<Duration> => {
            let left = left.expect(what);
            assert!(left <= 9 * SECOND && left + TICK >= 9 * SECOND, "{what}: {left:?}");
        } }
    }
    assert_eq!(timer.remaining(), None);
    let timer = schedule(10 * SECOND, pid(), Ring(2));
    let cancelled = std::thread::spawn(move || timer.cancel()).join().expect("no panic");
    assert!(cancelled.is_some(), "a plain thread may, too");
    nothing_rings().await;
}

#[kerosene::test(seeds = 50)]
async fn cancel_returns_the_time_left() {
    let timer = schedule(10 * SECOND, pid(), Ring(1));
    sleep(3 * SECOND).await;
    let left = timer.cancel().expect("it has not fired");
    assert!(left <= 7 * SECOND && left + TICK >= 7 * SECOND, "{left:?}");
    assert_eq!(timer.cancel(), None, "it is cancelled");
    assert_eq!(timer.remaining(), None);
}

#[kerosene::test(seeds = 50)]
async fn a_cancelled_timer_delivers_nothing() {
    for delay in [Duration::ZERO, TICK, SECOND] {
        let bare = schedule(delay, pid(), Ring(1));
        let wrapped = start_timer(delay, pid(), Ring(2));
        assert!(bare.cancel().is_some());
        assert!(wrapped.cancel().is_some());
    }
    nothing_rings().await;
}

#[kerosene::test(seeds = 50)]
async fn cancel_of_a_fired_timer_is_none() {
    let timer = start_timer(SECOND, pid(), Ring(1));
    sleep(2 * SECOND).await;
    assert_eq!(timer.remaining(), None);
    assert_eq!(timer.cancel(), None);
    receive! {
        Timeout { timer: fired, .. } if fired == timer => (),
        after Duration::ZERO => panic!("cancelling too late takes nothing back"),
    }
}

#[kerosene::test(seeds = 50)]
async fn remaining_leaves_the_timer_running() {
    let start = Instant::now();
    let timer = schedule(10 * SECOND, pid(), Ring(1));
    for second in 1..10 {
        sleep(SECOND).await;
        let left = timer.remaining().expect("it runs");
        let expected = (10 - second) * SECOND;
        assert!(left <= expected && left + 10 * TICK >= expected, "{left:?} after {second} s");
    }
    receive! { Ring(1) => () }
    assert!(start.elapsed() >= 10 * SECOND && start.elapsed() <= 10 * SECOND + TICK);
}

#[kerosene::test]
async fn a_timer_beyond_all_time_never_fires() {
    let year = 365 * 24 * 3600 * SECOND;
    let timers = [
        schedule(Duration::MAX, pid(), Ring(1)),
        start_timer(Duration::MAX, pid(), Ring(2)),
        schedule_interval(Duration::MAX, pid(), 3_u32),
    ];
    receive! { _ => panic!("it is never"), after 5 * year => () }
    for timer in timers {
        assert!(timer.remaining().is_some_and(|left| left > 50 * year));
        assert!(timer.cancel().is_some());
    }
}

#[kerosene::test(seeds = 50)]
async fn an_alias_may_be_the_destination_of_a_timer() {
    let (lasting, once) = (alias(), alias_reply());
    schedule(SECOND, lasting, Ring(1));
    schedule(2 * SECOND, once, Ring(2));
    schedule(3 * SECOND, once, Ring(3));
    schedule(4 * SECOND, lasting, Ring(4));
    receive! { Ring(n) => assert_eq!(n, 1) }
    receive! { Ring(n) => assert_eq!(n, 2) }
    unalias(lasting);
    nothing_rings().await;
}

#[kerosene::test(seeds = 50)]
async fn a_timer_for_an_alias_ends_with_its_owner() {
    let parent = pid();
    let (_, watch) = spawn_monitor(async move { send(parent, alias()) });
    receive! { Down { monitor, .. } if monitor == watch => () }
    let alias = receive! { alias: Alias => alias };
    assert_eq!(schedule(SECOND, alias, Ring(1)).remaining(), None);
}

/// A thread outside of the simulation has references, and a clock, of its own.
#[kerosene::test(seeds = 20)]
async fn a_timer_may_be_started_outside_for_a_process_of_a_simulation() {
    let outside = |to: Pid, delay| {
        let thread = std::thread::spawn(move || start_timer(delay, to, Ring(1)));
        thread.join().expect("it does not panic")
    };
    let timer = outside(pid(), SECOND);
    receive! {
        Timeout { timer: fired, .. } => assert_eq!(fired, timer),
        after 60 * SECOND => panic!("it has not rung"),
    }
    let (sleeper, watch) = spawn_monitor(async { sleep(Duration::MAX).await });
    let hour = 3600 * SECOND;
    let timers = [outside(sleeper, hour), schedule(hour, sleeper, Ring(2)), outside(pid(), hour)];
    assert!(timers.iter().all(|timer| timer.remaining().is_some()));
    exit_signal(sleeper, ExitReason::Kill);
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(timers.map(|timer| timer.remaining().is_some()), [false, false, true]);
    assert!(timers[2].cancel().is_some());
    nothing_rings().await;
}

#[kerosene::test]
async fn a_timer_shows_and_hashes_as_its_reference() {
    let timer = schedule(SECOND, pid(), Ring(1));
    assert_eq!(format!("{timer:?}"), format!("Timer({})", timer.reference()));
    let timers = std::collections::HashSet::from([timer, timer, schedule(SECOND, pid(), Ring(2))]);
    assert_eq!(timers.len(), 2);
}

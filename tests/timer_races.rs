//! Timers against what happens at the same moment: being cancelled, and the end of the destination.
//!
//! A timer that was cancelled in time delivers nothing, one that was not delivers once; and who
//! hears of a death finds no timer of the dead. Each race runs under hundreds of orders, and on
//! real threads thousands of times.

use std::collections::HashMap;

use kerosene::prelude::*;
use tokio::time::{Instant, sleep_until};

#[derive(Debug, Clone)]
struct Ring;

/// Cancels a timer about when it fires. Returns whether that was in time.
async fn race_cancel(delay: Duration, pause: Duration) -> bool {
    let timer = start_timer(delay, pid(), Ring);
    let parent = pid();
    let (_, cancelled) = spawn_monitor(async move {
        if pause > Duration::ZERO {
            sleep(pause).await;
        }
        send(parent, timer.cancel().is_some());
    });
    let in_time = receive! { in_time: bool => in_time };
    receive! { Down { monitor, .. } if monitor == cancelled => () }
    if !in_time {
        receive! {
            Timeout { timer: fired, .. } if fired == timer => (),
            after Duration::from_secs(20) => panic!("neither cancelled nor delivered"),
        }
    }
    // Timers fire in their order, so whatever was under way is here when this one is.
    let later = start_timer(Duration::from_millis(1), pid(), Ring);
    receive! {
        Timeout { timer: fired, .. } if fired == timer => panic!("in time: {in_time}, but it rang"),
        Timeout { timer: fired, .. } if fired == later => (),
    }
    in_time
}

#[kerosene::test(seeds = 300)]
async fn a_timer_is_cancelled_or_delivered() {
    for micros in 0..4 {
        let delay = Duration::from_micros(micros * 700);
        race_cancel(delay, delay).await;
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_timer_is_cancelled_or_delivered_on_real_threads() {
    let mut in_time = 0;
    for round in 0..600 {
        let pause = Duration::from_micros(round % 30 * 70);
        in_time += u32::from(race_cancel(Duration::from_millis(1), pause).await);
    }
    assert!(in_time > 0 && in_time < 600, "no race: {in_time} of 600 were in time");
}

/// A process is killed while others aim timers at it; who hears of the death finds none pending.
async fn race_death(rounds: u32) {
    let parent = pid();
    for _ in 0..rounds {
        let (victim, watch) = spawn_monitor(async { sleep(Duration::MAX).await });
        let name = victim.to_string();
        register(name.as_str(), victim).expect("nobody has the name");
        let (_, aiming) = spawn_monitor(async move {
            for n in 0..10_u32 {
                let wait = Duration::from_mins(1);
                let timer = match n % 3 {
                    0 => schedule(wait, victim, Ring),
                    1 => start_timer(wait, victim, Ring),
                    _ => schedule_interval(wait, victim, Ring),
                };
                send(parent, timer);
                yield_now().await;
            }
        });
        yield_now().await;
        exit_signal(victim, ExitReason::Kill);
        receive! { Down { monitor, .. } if monitor == watch => () }
        while receive! {
            timer: Timer => {
                assert_eq!(timer.remaining(), None, "a timer outlived its destination");
                true
            }
            Down { monitor, .. } if monitor == aiming => false,
        } {}
    }
}

#[kerosene::test(seeds = 300)]
async fn timers_to_the_dead_are_gone_when_down_arrives() {
    race_death(3).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn timers_to_the_dead_are_gone_when_down_arrives_on_real_threads() {
    race_death(3000).await;
}

#[kerosene::test(seeds = 200)]
async fn timers_to_the_dead_are_gone_when_is_alive_says_no() {
    let victim = spawn(async { sleep(Duration::MAX).await });
    let timers = [
        schedule(Duration::from_mins(1), victim, Ring),
        schedule_interval(Duration::from_mins(1), victim, Ring),
    ];
    exit_signal(victim, ExitReason::Kill);
    assert!(!is_alive(victim).await);
    assert_eq!(timers.map(Timer::remaining), [None, None]);
}

/// Cancels one of many intervals at any moment: what comes after that is none of it.
async fn race_interval(rounds: u32, others: u32, is_real: bool) {
    let period = Duration::from_millis(1);
    let noise: Vec<_> =
        (0..others).map(|n| schedule_interval(period, pid(), u64::from(n))).collect();
    for round in 0..rounds {
        let interval = schedule_interval(period, pid(), Ring);
        let until = Instant::now() + period + Duration::from_micros(u64::from(round % 50) * 40);
        while is_real && Instant::now() < until {
            // Awake on a thread of its own when the ticks are sent.
            yield_now().await;
        }
        sleep_until(until).await;
        assert!(interval.cancel().is_some(), "it runs until it is cancelled");
        while receive! { Ring => true, after Duration::ZERO => false } {}
        let later = start_timer(2 * period, pid(), ());
        while receive! {
            Ring => panic!("round {round}: a tick after `cancel` had returned"),
            Timeout { timer, .. } if timer == later => false,
            _: u64 => true,
        } {}
    }
    for interval in noise {
        assert!(interval.cancel().is_some());
    }
}

#[kerosene::test(seeds = 50)]
async fn a_cancelled_interval_sends_no_more() {
    race_interval(5, 70, false).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_cancelled_interval_sends_no_more_on_real_threads() {
    race_interval(200, 60, true).await;
}

#[derive(Debug)]
struct Numbered(u32);

/// Starts timers on whatever schedulers it comes to, and cancels some: the others ring once each,
/// none before its time, and in the order of their times.
async fn ring_in_order(seed: u64, timers: u32) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut pending = HashMap::new();
    for n in 0..timers {
        let delay = Duration::from_micros(random.u64(0..20_000));
        let earliest = Instant::now() + delay;
        let timer = schedule(delay, pid(), Numbered(n));
        let latest = Instant::now() + delay;
        if random.u8(0..4) == 0 {
            yield_now().await;
        }
        if random.u8(0..3) > 0 || timer.cancel().is_none() {
            pending.insert(n, (earliest, latest));
        }
    }
    let mut before = Instant::now() - Duration::from_mins(1);
    while !pending.is_empty() {
        let n = receive! {
            Numbered(n) => n,
            after Duration::from_secs(20) => panic!("seed {seed}: lost {pending:?}"),
        };
        let (earliest, latest) = pending.remove(&n).expect("it was cancelled, or rang before");
        assert!(Instant::now() >= earliest, "seed {seed}: {n} rang early");
        assert!(latest >= before, "seed {seed}: {n} came after one that was due later");
        before = before.max(earliest);
    }
}

async fn ring_in_many(processes: u64, timers: u32) {
    let watches: Vec<_> =
        (0..processes).map(|seed| spawn_monitor(ring_in_order(seed, timers)).1).collect();
    for watch in watches {
        receive! { Down { monitor, reason, .. } if monitor == watch => {
            assert_eq!(reason, ExitReason::Normal);
        } }
    }
}

#[kerosene::test(seeds = 30)]
async fn timers_of_many_schedulers_ring_in_order() {
    ring_in_many(4, 40).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn timers_of_many_schedulers_ring_in_order_on_real_threads() {
    for _ in 0..3 {
        ring_in_many(40, 300).await;
    }
}

/// The first timer of all must wake who sleeps for a later one, whatever thread starts it.
#[kerosene::test(real, worker_threads = 4)]
async fn an_earlier_timer_is_not_kept_waiting() {
    let parent = pid();
    for round in 0..200_u32 {
        let late = schedule(Duration::from_mins(10), parent, Numbered(0));
        let other = std::thread::spawn(move || {
            schedule(Duration::from_micros(100), parent, Numbered(round));
        });
        let third = spawn(async move {
            schedule(Duration::from_micros(50), parent, Numbered(round));
        });
        for _ in 0..2 {
            receive! {
                Numbered(n) => assert_eq!(n, round),
                after Duration::from_secs(20) => panic!("{third} or a thread waits for nothing"),
            }
        }
        other.join().expect("it does not panic");
        assert!(late.cancel().is_some());
    }
}

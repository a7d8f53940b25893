//! The `after` of a `receive!`: when it fires, and what it may not do.
//!
//! Most of this is in virtual time, which passes when nobody has anything to do: there a time-out
//! of three seconds takes exactly three seconds, give or take tokio's millisecond. Where the clock
//! itself is the matter, or a race between a message and the end of the time, real threads do it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as RealInstant;

use kerosene::prelude::*;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// tokio's timers go by milliseconds, rounded up.
const TICK: Duration = Duration::from_millis(1);

struct Wanted;

struct Other;

#[kerosene::test(seeds = 100)]
async fn a_receive_times_out_when_its_time_is_over() {
    for time in [Duration::from_nanos(1), TICK, SECOND, 100 * SECOND] {
        let start = Instant::now();
        receive! { Wanted => unreachable!("nobody sends it"), after time => () }
        let took = start.elapsed();
        assert!(took >= time && took <= time + TICK, "{took:?} instead of {time:?}");
    }
}

#[kerosene::test(seeds = 20)]
async fn after_is_evaluated_once() {
    let child = pid();
    spawn_link(async move {
        for _ in 0..20 {
            sleep(SECOND / 4).await;
            send(child, Other);
        }
    });
    let mut count = 0;
    let mut time = || {
        count += 1;
        2 * SECOND
    };
    receive! { Wanted => unreachable!("nobody sends it"), after time() => () }
    assert_eq!(count, 1, "it waited many times");
}

#[kerosene::test]
async fn after_is_evaluated_also_where_a_message_matches_at_once() {
    let mut count = 0;
    send(pid(), Wanted);
    receive! { Wanted => (), after { count += 1; SECOND } => unreachable!("it is there") }
    assert_eq!(count, 1);
}

#[kerosene::test(seeds = 200)]
async fn other_messages_do_not_prolong_the_timeout() {
    let parent = pid();
    for _ in 0..2 {
        spawn_link(async move {
            for _ in 0..40 {
                sleep(SECOND / 7).await;
                send(parent, Other);
                assert!(is_alive(parent).await);
            }
        });
    }
    let start = Instant::now();
    receive! { Wanted => unreachable!("nobody sends it"), after 3 * SECOND => () }
    let took = start.elapsed();
    assert!(took >= 3 * SECOND && took <= 3 * SECOND + TICK, "{took:?}");
}

/// Sends `Other` all the time to `to`, until told to stop or for some five seconds; returns whether
/// it was told. It sends as many as a slow machine can look at, or the receiver would still be busy
/// with what came before its time was over when the flood ends.
fn flood(to: Pid, stop: &Arc<AtomicBool>) -> std::thread::JoinHandle<bool> {
    const BURST: u32 = 1000;
    const BURSTS_MAX: u32 = 5_000;
    let stop = Arc::clone(stop);
    std::thread::spawn(move || {
        (0..BURSTS_MAX).any(|_| {
            (0..BURST).for_each(|_| send(to, Other));
            std::thread::park_timeout(SECOND / 1000);
            // Relaxed: the flag orders nothing, and is seen soon enough.
            stop.load(Ordering::Relaxed)
        })
    })
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_flood_of_other_messages_does_not_hold_off_the_timeout() {
    let stop = Arc::new(AtomicBool::new(false));
    let (receiver, watch) = spawn_monitor(async {
        receive! { Wanted => unreachable!("nobody sends it"), after SECOND / 10 => () }
    });
    let floods = [flood(receiver, &stop), flood(receiver, &stop)];
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    stop.store(true, Ordering::Relaxed);
    let told = floods.map(|thread| thread.join().unwrap_or(false));
    assert!(told.contains(&true), "the time-out waited until the flood was over");
}

#[kerosene::test(real, worker_threads = 2)]
async fn a_timeout_is_never_early() {
    for micros in [1, 10, 100, 500, 999, 1000, 1001, 1500, 2999, 5000, 10_001, 50_000] {
        let time = Duration::from_micros(micros);
        let start = RealInstant::now();
        receive! { Wanted => unreachable!("nobody sends it"), after time => () }
        let took = start.elapsed();
        assert!(took >= time, "{took:?} instead of {time:?}");
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn many_timeouts_at_once_are_never_early() {
    let mut watches = Vec::new();
    for n in 0..200_u64 {
        watches.push(spawn_monitor(async move {
            for round in 0..10 {
                let time = Duration::from_micros((n * 37 + round * 911) % 5000);
                let start = RealInstant::now();
                receive! { Wanted => unreachable!("nobody sends it"), after time => () }
                assert!(start.elapsed() >= time, "early: {:?} of {time:?}", start.elapsed());
            }
        }));
    }
    for (_, watch) in watches {
        receive! { Down { monitor, reason, .. } if monitor == watch => {
            assert_eq!(reason, ExitReason::Normal);
        } }
    }
}

#[kerosene::test(seeds = 20)]
async fn duration_max_waits_for_ever() {
    let parent = pid();
    let year = 365 * 24 * 3600 * SECOND;
    for time in [Duration::MAX, Duration::from_secs(u64::MAX)] {
        let waits = spawn_link(async move {
            receive! { Wanted => (), after time => send(parent, Other) }
            send(parent, Wanted);
        });
        for _ in 0..4 {
            sleep(year).await;
            assert!(is_alive(waits).await);
        }
        send(waits, Wanted);
        receive! { Wanted => (), Other => panic!("for ever is over") }
    }
}

#[kerosene::test(seeds = 200)]
async fn after_zero_looks_at_everything_first() {
    let parent = pid();
    let (_, sent) = spawn_monitor(async move {
        for _ in 0..300 {
            send(parent, Other);
        }
        send(parent, Wanted);
    });
    receive! { Down { monitor, .. } if monitor == sent => () }
    receive! { Wanted => (), after Duration::ZERO => panic!("it has arrived before") }
    receive! { Wanted => panic!("there is no second one"), after Duration::ZERO => () }
    let mut others = 0;
    while receive! { Other => true, after Duration::ZERO => false } {
        others += 1;
    }
    assert_eq!(others, 300);
}

#[kerosene::test(seeds = 20)]
async fn after_zero_takes_no_time() {
    let start = Instant::now();
    for _ in 0..100 {
        receive! { Wanted => unreachable!("nobody sends it"), after Duration::ZERO => () }
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[kerosene::test(seeds = 200)]
async fn a_message_after_the_timeout_stays() {
    let parent = pid();
    spawn_link(async move {
        sleep(2 * SECOND).await;
        send(parent, Wanted);
    });
    receive! { Wanted => panic!("it comes later"), after SECOND => () }
    sleep(5 * SECOND).await;
    receive! { Wanted => (), after Duration::ZERO => panic!("it has come and stays") }
}

/// One message and one time-out, aimed at the same moment: whichever wins, the message is taken
/// once, by this receive or by the next.
async fn race(time: Duration, lead: Duration) -> bool {
    let parent = pid();
    let (_, sent) = spawn_monitor(async move {
        sleep(time.saturating_sub(lead)).await;
        send(parent, Wanted);
    });
    let in_time = receive! { Wanted => true, after time => false };
    receive! { Down { monitor, .. } if monitor == sent => () }
    if !in_time {
        receive! { Wanted => (), after Duration::ZERO => panic!("the late message is lost") }
    }
    receive! { Wanted => panic!("taken twice"), after Duration::ZERO => () }
    in_time
}

#[kerosene::test(seeds = 300)]
async fn a_message_that_races_the_timeout_is_taken_once() {
    race(SECOND, Duration::ZERO).await;
    race(Duration::ZERO, Duration::ZERO).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_message_that_races_the_timeout_is_taken_once_on_real_threads() {
    let mut late = 0;
    for round in 0..2000 {
        let lead = Duration::from_micros(round % 20 * 25);
        late += u32::from(!race(Duration::from_micros(500), lead).await);
    }
    assert!(late > 0 && late < 2000, "no race: {late} of 2000 messages came late");
}

#[kerosene::test(seeds = 100)]
async fn a_time_that_is_over_ends_no_later_receive() {
    let parent = pid();
    spawn_link(async move {
        loop {
            sleep(SECOND / 2).await;
            send(parent, Wanted);
        }
    });
    for _ in 0..10 {
        receive! { Wanted => (), after SECOND => panic!("one comes each half second") }
    }
    let start = Instant::now();
    receive! { Other => unreachable!("nobody sends it"), after 5 * SECOND => () }
    assert!(start.elapsed() >= 5 * SECOND, "timed out by an older receive's time");
}

//! Receives that are dropped before they match, and several in one process at once.
//!
//! A `receive!` is a future like any other: `select!`, a timeout or a caller that loses interest
//! may drop it at any await, and `join!` or `FuturesUnordered` may run many side by side. Then no
//! message may be lost, change its place or be seen twice, and no receive may sleep on a message
//! that is there for it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use kerosene::prelude::*;
use tokio::time::{Instant, timeout};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq)]
struct Even(u32);

#[derive(Debug, PartialEq)]
struct Odd(u32);

/// Sends `Even(0)`, `Odd(1)`, `Even(2)`, ..., with pauses of all kinds between them.
fn count_to(to: Pid, end: u32) -> Monitor {
    let (_, sent) = spawn_monitor(async move {
        for n in 0..end {
            if n % 2 == 0 {
                send(to, Even(n));
            } else {
                send(to, Odd(n));
            }
            match n % 5 {
                0 => yield_now().await,
                1 => sleep(Duration::from_millis(1)).await,
                _ => (),
            }
        }
    });
    sent
}

async fn until_down(sent: Monitor) {
    receive! { Down { monitor, reason, .. } if monitor == sent => {
        assert_eq!(reason, ExitReason::Normal);
    } }
}

/// The numbers of all messages, oldest first.
async fn drain() -> Vec<u32> {
    let mut numbers = Vec::new();
    loop {
        receive! {
            Even(n) => numbers.push(n),
            Odd(n) => numbers.push(n),
            after Duration::ZERO => return numbers,
        }
    }
}

/// Drops the future after `count` polls, if it is not ready before.
async fn polled<T>(future: impl Future<Output = T>, mut count: u32) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        count -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if count == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[kerosene::test(seeds = 200)]
async fn a_dropped_receive_loses_and_reorders_nothing() {
    for count in 1..12 {
        let sent = count_to(pid(), 20);
        let receive = async {
            receive! { Odd(n) if n == 13 => n }
        };
        let taken = polled(receive, count).await;
        until_down(sent).await;
        let expected: Vec<u32> = (0..20).filter(|n| Some(*n) != taken).collect();
        assert_eq!(drain().await, expected, "dropped at poll {count}");
    }
}

#[kerosene::test(seeds = 200)]
async fn a_dropped_receive_with_a_timeout_loses_nothing() {
    for count in 1..10 {
        let sent = count_to(pid(), 6);
        let receive = async {
            receive! { Odd(5) => Some(5), after SECOND / 500 => None }
        };
        let taken = polled(receive, count).await.flatten();
        until_down(sent).await;
        let expected: Vec<u32> = (0..6).filter(|n| Some(*n) != taken).collect();
        assert_eq!(drain().await, expected, "dropped at poll {count}");
    }
}

/// Receives the evens in one branch of a `select!`, the odds in another, beside a timer.
async fn receive_in_select(end: u32) {
    let sent = count_to(pid(), end);
    let (mut evens, mut odds) = (Vec::new(), Vec::new());
    while evens.len() + odds.len() < end as usize {
        tokio::select! {
            n = async { receive! { Even(n) => n } } => evens.push(n),
            n = async { receive! { Odd(n) => n, after SECOND => panic!("{odds:?}") } } => {
                odds.push(n);
            }
            () = sleep(Duration::from_micros(300)) => (),
        }
    }
    assert_eq!(evens, (0..end).step_by(2).collect::<Vec<_>>());
    assert_eq!(odds, (1..end).step_by(2).collect::<Vec<_>>());
    until_down(sent).await;
    assert_eq!(drain().await, [0; 0]);
}

#[kerosene::test(seeds = 200)]
async fn a_receive_in_select_loses_nothing() {
    receive_in_select(50).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_receive_in_select_loses_nothing_on_real_threads() {
    receive_in_select(3000).await;
}

/// Receives everything in order, through timeouts that often strike.
async fn receive_in_timeouts(end: u32) -> u32 {
    let sent = count_to(pid(), end);
    let mut struck = 0;
    let mut next = 0;
    while next < end {
        let receive = async {
            receive! { Even(n) => n, Odd(n) => n }
        };
        match timeout(Duration::from_micros(u64::from(next % 3 + 1) * 300), receive).await {
            Ok(n) => {
                assert_eq!(n, next);
                next += 1;
            }
            Err(_) => struck += 1,
        }
    }
    until_down(sent).await;
    assert_eq!(drain().await, [0; 0]);
    struck
}

#[kerosene::test(seeds = 200)]
async fn a_receive_in_a_tokio_timeout_loses_nothing() {
    receive_in_timeouts(50).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_receive_in_a_tokio_timeout_loses_nothing_on_real_threads() {
    let struck = receive_in_timeouts(3000).await;
    assert!(struck > 0, "no timeout ever dropped a receive");
}

#[kerosene::test(seeds = 100)]
async fn a_dropped_receive_leaves_no_timeout() {
    let start = Instant::now();
    for millis in [100, 900, 1500] {
        let receive = async {
            receive! { Odd(_) => true, after 2 * SECOND => false }
        };
        assert!(timeout(Duration::from_millis(millis), receive).await.is_err());
    }
    assert_eq!(start.elapsed(), Duration::from_millis(2500));
    receive! { Odd(_) => (), after 10 * SECOND => () }
    assert_eq!(start.elapsed(), Duration::from_millis(12_500), "no older time cut it short");
}

/// Is never ready, and counts how often it is asked.
fn never(polls: &Arc<AtomicUsize>) -> impl Future<Output = ()> + Send + use<> {
    let polls = Arc::clone(polls);
    poll_fn(move |_| {
        polls.fetch_add(1, Ordering::Relaxed);
        Poll::Pending
    })
}

#[kerosene::test(seeds = 50)]
async fn a_dropped_receive_does_not_wake_its_process() {
    let polls = Arc::new(AtomicUsize::new(0));
    let future = never(&polls);
    let child = spawn_link(async move {
        for _ in 0..5 {
            let receive = async {
                receive! { Odd(_) => (), after 5 * SECOND => () }
            };
            assert!(timeout(SECOND / 10, receive).await.is_err());
        }
        future.await;
    });
    sleep(10 * SECOND).await;
    // The timer of a receive may wake once more; that is over by now.
    let before = polls.load(Ordering::Relaxed);
    assert!(before > 0, "the receives have been dropped");
    for n in 0..100 {
        send(child, Odd(n));
        sleep(SECOND).await;
    }
    assert_eq!(polls.load(Ordering::Relaxed), before, "polled for messages it does not receive");
}

/// A waker that may be counted.
struct Idle;

impl Wake for Idle {
    fn wake(self: Arc<Self>) {}
}

#[kerosene::test]
async fn dropped_receives_leave_no_wakers() {
    let wakers: Vec<Arc<Idle>> = (0..100).map(|_| Arc::new(Idle)).collect();
    for idle in &wakers {
        let waker = Waker::from(Arc::clone(idle));
        let mut receive = pin!(async {
            receive! { Odd(_) => () }
        });
        while receive.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            // The first polls may only have given way.
            if Arc::strong_count(idle) > 2 {
                break;
            }
        }
    }
    let kept = wakers.iter().filter(|idle| Arc::strong_count(idle) > 1).count();
    assert_eq!(kept, 0, "wakers of receives that are gone");
}

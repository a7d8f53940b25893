//! When a process gives way, though it always has something to do.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::task::Poll;

use kerosene::prelude::*;

use super::run_on;

struct Ball;

/// So many receives, sends or spawns are more than a process may do in one turn.
const MORE_THAN_A_TURN: usize = 1000;

/// A process that says when it has run.
fn witness() -> Arc<AtomicBool> {
    let has_run = Arc::new(AtomicBool::new(false));
    let witness = Arc::clone(&has_run);
    spawn(async move { witness.store(true, Relaxed) });
    has_run
}

#[kerosene::test(real, worker_threads = 1)]
async fn receives_that_always_match_still_give_way() {
    let has_run = witness();
    for _ in 0..MORE_THAN_A_TURN {
        send(pid(), Ball);
        receive! { Ball => () }
    }
    assert!(has_run.load(Relaxed), "the receives never gave way");
}

#[kerosene::test(real, worker_threads = 1)]
async fn a_receive_that_passes_over_a_backlog_gives_way() {
    for n in 0..MORE_THAN_A_TURN {
        send(pid(), n);
    }
    yield_now().await;
    send(pid(), Ball);
    let has_run = witness();
    receive! { Ball => () }
    assert!(has_run.load(Relaxed), "the scan never gave way");
}

#[kerosene::test(real, worker_threads = 1)]
async fn a_flood_of_sends_gives_way_at_the_next_await() {
    let sink = spawn(async { sleep(Duration::MAX).await });
    let has_run = witness();
    send(pid(), Ball);
    (0..MORE_THAN_A_TURN).for_each(|_| send(sink, Ball));
    assert!(!has_run.load(Relaxed), "a send never waits");
    receive! { Ball => () }
    assert!(has_run.load(Relaxed), "the receive after a flood of sends did not give way");

    let has_run = witness();
    (0..MORE_THAN_A_TURN).for_each(|_| send(sink, Ball));
    sleep(Duration::ZERO).await;
    assert!(has_run.load(Relaxed), "the sleep after a flood of sends did not give way");
}

#[kerosene::test(real, worker_threads = 1)]
async fn a_flood_of_spawns_gives_way_at_the_next_await() {
    let has_run = witness();
    send(pid(), Ball);
    for _ in 0..MORE_THAN_A_TURN {
        spawn(async {});
    }
    receive! { Ball => () }
    assert!(has_run.load(Relaxed));
}

/// Two processes that wake each other are always the ones woken last, which run first.
#[test]
fn a_ping_pong_pair_starves_nobody() {
    const ROUNDS: usize = 2_000_000;
    const YIELDS: usize = 1000;
    for workers in super::WORKER_COUNTS {
        run_on(workers, async {
            let test = pid();
            let rounds = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&rounds);
            let (pong, _) = spawn_monitor(async move {
                loop {
                    receive! { (from, Ball): (Pid, Ball) => send(from, Ball) }
                }
            });
            spawn_link(async move {
                while counter.fetch_add(1, Relaxed) < ROUNDS {
                    send(pong, (pid(), Ball));
                    receive! { Ball => () }
                }
                exit("everybody else was starved");
            });
            let begun = rounds.load(Relaxed);
            spawn_link(async move {
                for _ in 0..YIELDS {
                    yield_now().await;
                }
                send(test, "done");
            });
            receive! { "done" => () }
            let rounds = rounds.load(Relaxed) - begun;
            assert!(rounds < ROUNDS / 2, "{rounds} rounds for {YIELDS} turns of the others");
        });
    }
}

#[kerosene::test(real, worker_threads = 1)]
async fn a_receiver_with_a_backlog_gives_way() {
    const BACKLOG: usize = 100_000;
    let ticks = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&ticks);
    let (receiver, watch) = spawn_monitor(async {
        receive! { "begin" => () }
        for _ in 0..BACKLOG {
            receive! { Ball => () }
        }
    });
    (0..BACKLOG).for_each(|_| send(receiver, Ball));
    spawn(async move {
        loop {
            counter.fetch_add(1, Relaxed);
            yield_now().await;
        }
    });
    send(receiver, "begin");
    receive! { Down { monitor, .. } if monitor == watch => () }
    let ticks = ticks.load(Relaxed);
    assert!(ticks > BACKLOG / MORE_THAN_A_TURN, "{ticks} turns of another meanwhile");
}

#[kerosene::test]
async fn a_flood_never_makes_the_sender_wait() {
    const FLOOD: usize = 200_000;
    let receiver = spawn(async {
        receive! { "begin" => () }
        for expected in 0..FLOOD {
            receive! { n: usize => assert_eq!(n, expected) }
        }
    });
    let polls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&polls);
    let (_, watch) = spawn_monitor(async move {
        let mut next = 0;
        poll_fn(move |_| {
            counter.fetch_add(1, Relaxed);
            while next < FLOOD {
                send(receiver, next);
                next += 1;
            }
            Poll::Ready(())
        })
        .await;
    });
    receive! { Down { monitor, .. } if monitor == watch => () }
    assert_eq!(polls.load(Relaxed), 1);
    let info = process_info(receiver).await.expect("it waits for the word");
    assert_eq!(info.mailbox_len, FLOOD);
    let watch = monitor(receiver);
    send(receiver, "begin");
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
}

/// A body that counts its polls and waits for nothing that ever happens.
fn counting_polls() -> (Pid, Arc<AtomicUsize>) {
    let polls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&polls);
    let waiting = spawn(poll_fn(move |_| {
        counter.fetch_add(1, Relaxed);
        Poll::<()>::Pending
    }));
    (waiting, polls)
}

async fn a_message_polls_nobody() {
    let (waiting, polls) = counting_polls();
    for n in 0..100 {
        send(waiting, n);
        if n % 10 == 0 {
            let info = process_info(waiting).await.expect("it is alive");
            assert_eq!(info.mailbox_len, n + 1, "all that was sent has arrived");
        }
    }
    assert!(is_alive(waiting).await);
    assert_eq!(polls.load(Relaxed), 1);
}

#[kerosene::test(seeds = 100)]
async fn a_message_does_not_poll_a_process_that_awaits_something_else() {
    a_message_polls_nobody().await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_message_does_not_poll_a_process_that_awaits_something_else_on_real_threads() {
    for _ in 0..100 {
        a_message_polls_nobody().await;
    }
}

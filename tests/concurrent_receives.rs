//! Several receives waiting in one process at once, in `join!` and in `FuturesUnordered`.
//!
//! They share one mailbox. A message is for whoever asks for it, also if another receive of the
//! same process was the first to come across it; a receive that is not polled for every wake of its
//! process (`FuturesUnordered` polls only what was woken) must be woken by its message and its
//! time.

use std::pin::pin;

use futures::FutureExt;
use futures::stream::{FuturesUnordered, StreamExt};
use kerosene::prelude::*;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq)]
struct A(u32);

#[derive(Debug, PartialEq)]
struct B(u32);

async fn receive_a() -> u32 {
    receive! { A(n) => n, after 20 * SECOND => panic!("A has not been found") }
}

async fn receive_b() -> u32 {
    receive! { B(n) => n, after 20 * SECOND => panic!("B has not been found") }
}

#[kerosene::test(seeds = 200)]
async fn receives_side_by_side_take_each_its_own() {
    let parent = pid();
    spawn_link(async move {
        send(parent, B(1));
        sleep(SECOND).await;
        send(parent, A(1));
    });
    assert_eq!(futures::join!(receive_a(), receive_b()), (1, 1));
    send(parent, B(2));
    send(parent, A(2));
    assert_eq!(tokio::join!(receive_a(), receive_b()), (2, 2));
}

#[kerosene::test(seeds = 100)]
async fn a_message_that_another_receive_came_across_is_found_by_join() {
    let start = Instant::now();
    let beside = async {
        send(pid(), A(1));
        receive! { B(_) => unreachable!("nobody sends it"), after 10 * SECOND => () }
    };
    let found = async {
        receive_a().await;
        start.elapsed()
    };
    let (after, ()) = tokio::join!(found, beside);
    assert_eq!(after, Duration::ZERO, "the message was there at once");
}

#[kerosene::test(seeds = 100)]
async fn a_message_that_another_receive_came_across_wakes_its_own() {
    let start = Instant::now();
    let mut receives = FuturesUnordered::new();
    receives.push(async { ("A", receive_a().await) }.boxed());
    let beside = async {
        // By now the other one waits.
        sleep(SECOND).await;
        send(pid(), A(1));
        ("none", receive! { B(n) => n, after 5 * SECOND => 0 })
    };
    receives.push(beside.boxed());
    assert_eq!(receives.next().await, Some(("A", 1)));
    assert_eq!(start.elapsed(), SECOND, "it was found when it came");
    assert_eq!(receives.next().await, Some(("none", 0)));
}

#[kerosene::test(seeds = 100)]
async fn a_message_received_with_a_question_about_oneself_wakes_its_receive() {
    let start = Instant::now();
    let beside = async {
        sleep(SECOND).await;
        send(pid(), A(1));
        process_info(pid()).await.expect("it is alive").mailbox_len
    };
    let receives = FuturesUnordered::new();
    receives.push(async { receive_a().await as usize }.boxed());
    receives.push(beside.boxed());
    assert_eq!(receives.collect::<Vec<_>>().await, [1, 1]);
    assert_eq!(start.elapsed(), SECOND, "it was found when it came");
}

/// Each round two processes send at the same moment, one message for each of two receives.
async fn rounds_of_two_senders(rounds: u32) {
    let parent = pid();
    let sender_a = spawn_link(async move {
        loop {
            receive! { n: u32 => send(parent, A(n)) }
        }
    });
    let sender_b = spawn_link(async move {
        loop {
            receive! { n: u32 => send(parent, B(n)) }
        }
    });
    for n in 0..rounds {
        send(sender_a, n);
        send(sender_b, n);
        if n % 2 == 0 {
            assert_eq!(tokio::join!(receive_a(), receive_b()), (n, n));
        } else {
            let receives = FuturesUnordered::new();
            receives.push(receive_a().boxed());
            receives.push(receive_b().boxed());
            assert_eq!(receives.collect::<Vec<_>>().await, [n, n]);
        }
    }
}

#[kerosene::test(seeds = 100)]
async fn two_receives_and_two_senders_miss_nothing() {
    rounds_of_two_senders(20).await;
}

#[kerosene::test(real, worker_threads = 4)]
async fn two_receives_and_two_senders_miss_nothing_on_real_threads() {
    rounds_of_two_senders(20_000).await;
}

#[kerosene::test(seeds = 100)]
async fn receives_for_the_same_share_the_messages_out() {
    let parent = pid();
    spawn_link(async move {
        for n in 0..20 {
            send(parent, A(n));
            yield_now().await;
        }
    });
    let receives: FuturesUnordered<_> = (0..20).map(|_| receive_a()).collect();
    let mut taken = receives.collect::<Vec<_>>().await;
    taken.sort_unstable();
    assert_eq!(taken, (0..20).collect::<Vec<_>>(), "each message went to one receive");
}

#[kerosene::test(seeds = 100)]
async fn receives_with_different_times_end_each_at_its_own() {
    let start = Instant::now();
    let wait = |n: u32| async move {
        let time = Duration::from_millis(u64::from(n) * 250);
        receive! { B(_) => unreachable!("nobody sends it"), after time => () }
        assert!(start.elapsed() >= time && start.elapsed() < time + SECOND / 100, "{n}");
        n
    };
    let receives: FuturesUnordered<_> = [7, 1, 4, 6, 2, 5, 3].map(wait).into_iter().collect();
    assert_eq!(receives.collect::<Vec<_>>().await, [1, 2, 3, 4, 5, 6, 7]);
    let start = Instant::now();
    let sleep_for = |n: u64| async move {
        sleep(Duration::from_millis(n * 250)).await;
        assert!(start.elapsed() < Duration::from_millis(n * 250 + 10), "{n}");
        n
    };
    let sleeps: FuturesUnordered<_> = [3, 1, 2].map(sleep_for).into_iter().collect();
    assert_eq!(sleeps.collect::<Vec<_>>().await, [1, 2, 3]);
}

#[kerosene::test(seeds = 200)]
async fn a_receive_left_pending_finds_what_others_passed_over() {
    let mut pending = pin!(receive_a());
    for n in 0..10_u32 {
        tokio::select! {
            biased;
            _ = &mut pending => unreachable!("no A has been sent"),
            () = async { receive! { B(_) => (), after SECOND => () } } => (),
        }
        send(pid(), n);
    }
    send(pid(), A(1));
    receive! { B(_) => unreachable!("nobody sends it"), after SECOND => () }
    assert_eq!(pending.await, 1);
}

#[kerosene::test(seeds = 50)]
async fn a_receive_that_moves_to_another_process_looks_at_its_mailbox() {
    let parent = pid();
    for n in 0..10 {
        send(pid(), B(n));
    }
    let mut receive = async move {
        receive! { A(n) => send(parent, n) }
    }
    .boxed();
    tokio::select! {
        biased;
        () = &mut receive => unreachable!("no A has been sent"),
        () = sleep(SECOND) => (),
    }
    let mover = spawn_link(async move {
        sleep(SECOND).await;
        receive! { B(_) => unreachable!("nobody sends it"), after Duration::ZERO => () }
        receive.await;
    });
    send(mover, A(7));
    receive! { n: u32 => assert_eq!(n, 7), after 10 * SECOND => panic!("A has not been found") }
}

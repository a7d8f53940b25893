//! `demonitor` and `demonitor_flush`: what they return, and what they leave in the mailbox.

use kerosene::prelude::*;

use crate::{dead, down, hears_no_down, idle, watchers_of};

/// A process that has ended, and the monitor whose `Down` stands in the mailbox.
async fn fired() -> (Pid, Monitor) {
    let worker = idle();
    let watch = monitor(worker);
    send(worker, "end");
    sleep(Duration::from_secs(1)).await;
    (worker, watch)
}

async fn mailbox_len() -> usize {
    process_info(pid()).await.expect("it is me").mailbox_len
}

#[kerosene::test(seeds = 50)]
async fn demonitor_leaves_a_received_down() {
    let (worker, watch) = fired().await;
    assert_eq!(mailbox_len().await, 1);
    assert!(!demonitor(watch));
    receive! {
        Down { monitor, pid, .. } => assert_eq!((monitor, pid), (watch, worker)),
        after Duration::ZERO => panic!("it stood in the mailbox"),
    }
}

#[kerosene::test(seeds = 50)]
async fn demonitor_flush_removes_a_received_down() {
    let (_, watch) = fired().await;
    assert_eq!(mailbox_len().await, 1);
    assert!(!demonitor_flush(watch));
    assert_eq!(mailbox_len().await, 0);
    hears_no_down().await;

    // One that has not fired is taken back like by `demonitor`.
    let worker = idle();
    let watch = monitor(worker);
    assert!(demonitor_flush(watch));
    assert_eq!(watchers_of(worker).await, []);
    assert!(!demonitor_flush(watch));
}

#[kerosene::test(seeds = 50)]
async fn demonitor_says_whether_it_was_active() {
    let worker = idle();
    let (first, second) = (monitor(worker), monitor(worker));
    assert!(demonitor(first));
    assert!(!demonitor(first));
    assert_eq!(watchers_of(worker).await, [pid()]);
    send(worker, "end");
    assert_eq!(down(second).await, ExitReason::from("told to"));
    assert!(!demonitor(second));
    sleep(Duration::from_secs(1)).await;
    hears_no_down().await;

    // Until its `Down` is received, a monitor of the dead is active, too.
    let watch = monitor(dead().await);
    let was_active = demonitor(watch);
    receive! {
        Down { .. } => assert!(!was_active),
        after Duration::ZERO => assert!(was_active),
    }
}

#[kerosene::test(seeds = 50)]
async fn flush_takes_only_the_down_of_its_monitor() {
    let (worker, first) = fired().await;
    let second = monitor(worker);
    sleep(Duration::from_secs(1)).await;
    send(pid(), (first, "not a Down"));
    assert_eq!(mailbox_len().await, 3);
    assert!(!demonitor_flush(second));
    assert_eq!(mailbox_len().await, 2);
    receive! {
        Down { monitor, .. } => assert_eq!(monitor, first),
        after Duration::ZERO => panic!("it is the other's"),
    }
    assert!(!demonitor_flush(first));
    receive! { (monitor, _): (Monitor, &str) => assert_eq!(monitor, first) }
    assert_eq!(mailbox_len().await, 0);
}

#[kerosene::test(seeds = 100)]
async fn only_the_owner_can_demonitor() {
    let test = pid();
    let worker = idle();
    let watch = monitor(worker);
    spawn_link(async move {
        send(test, [demonitor(watch), demonitor_flush(watch)]);
    });
    spawn_link(async move {
        let same_target = monitor(worker);
        assert!(!demonitor(watch));
        assert!(demonitor(same_target));
        send(test, [false; 2]);
    });
    for _ in 0..2 {
        receive! { were_active: [bool; 2] => assert_eq!(were_active, [false; 2]) }
    }
    assert_eq!(watchers_of(worker).await, [test]);
    send(worker, "end");
    assert_eq!(down(watch).await, ExitReason::from("told to"));
}

/// A foreign flush takes nothing out of the mailbox of the owner, nor of the one who tries.
#[kerosene::test(seeds = 50)]
async fn only_the_owner_can_flush() {
    let test = pid();
    let (_, watch) = fired().await;
    spawn_link(async move {
        assert!(!demonitor_flush(watch));
        send(test, "tried");
    });
    receive! { "tried" => () }
    assert_eq!(down(watch).await, ExitReason::from("told to"));
}

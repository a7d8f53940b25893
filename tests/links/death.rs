//! A link and the death of one end: before, at the moment, and after.

use std::future::pending;

use kerosene::prelude::*;

use crate::{down, idle, linked_pair, links_of};

#[kerosene::test(seeds = 100)]
async fn death_removes_the_link_at_the_other_end() {
    let test = pid();
    let [(a, a_watch), (b, _)] = linked_pair().await;
    let trapping = spawn_opt(SpawnOptions::new().trap_exit(), async move {
        link(a);
        send(test, "linked");
        pending::<()>().await;
    });
    receive! { "linked" => () }
    assert_eq!(links_of(trapping.pid).await, [a]);
    send(a, "end");
    assert_eq!(down(a_watch).await, ExitReason::Normal);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(links_of(trapping.pid).await, []);
    assert_eq!(links_of(b).await, []);
}

#[kerosene::test(seeds = 100)]
async fn a_child_without_link_outlives_its_parent() {
    let test = pid();
    let (parent, watch) = spawn_monitor(async move {
        let child = spawn(pending::<()>());
        let (watched, _) = spawn_monitor(pending::<()>());
        send(test, [child, watched]);
        receive! { () => () }
    });
    let children = receive! { children: [Pid; 2] => children };
    exit_signal(parent, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
    sleep(Duration::from_secs(1)).await;
    for child in children {
        let info = process_info(child).await.expect("it outlives its parent");
        assert_eq!(info.parent, Some(parent));
    }
}

/// A process that has ended, with a reason of its own.
async fn dead() -> Pid {
    let (dead, watch) = spawn_monitor(async { exit("a reason of its own") });
    assert_eq!(down(watch).await, ExitReason::from("a reason of its own"));
    dead
}

#[kerosene::test(seeds = 100)]
async fn a_late_link_hears_no_proc() {
    let dead = dead().await;
    trap_exit(true);
    for _ in 0..3 {
        link(dead);
        receive! { Exit { pid, reason } => {
            assert_eq!((pid, reason), (dead, ExitReason::NoProc));
        } }
        assert_eq!(links_of(pid()).await, []);
    }
}

/// Whoever sends a signal that ends a process knows that it is dead: a link that follows is late.
#[kerosene::test(seeds = 100)]
async fn a_link_behind_a_lethal_signal_hears_no_proc() {
    trap_exit(true);
    for is_linked_before in [false, true] {
        let (peer, watch) = idle();
        if is_linked_before {
            link(peer);
            unlink(peer);
        }
        exit_signal(peer, "lethal");
        link(peer);
        receive! { Exit { pid, reason } => {
            assert_eq!((pid, reason), (peer, ExitReason::NoProc));
        } }
        assert_eq!(down(watch).await, ExitReason::from("lethal"));
        assert_eq!(links_of(pid()).await, []);
    }
    // And a link that is taken back behind it is not heard of at all.
    let (peer, watch) = idle();
    link(peer);
    exit_signal(peer, "lethal");
    unlink(peer);
    assert_eq!(down(watch).await, ExitReason::from("lethal"));
    receive! { Exit { .. } => panic!("unlinked"), after Duration::from_secs(1) => () }
}

#[kerosene::test(seeds = 100)]
async fn linking_the_dead_ends_with_no_proc() {
    let dead = dead().await;
    let (_, watch) = spawn_monitor(async move {
        link(dead);
        pending::<()>().await;
    });
    assert_eq!(down(watch).await, ExitReason::NoProc);
    // Like every exit signal it goes on to those who are linked.
    let (_, watch) = spawn_monitor(async move {
        spawn_link(async move {
            link(dead);
            pending::<()>().await;
        });
        pending::<()>().await;
    });
    assert_eq!(down(watch).await, ExitReason::NoProc);
}

#[kerosene::test(seeds = 100)]
async fn a_received_exit_removes_the_link() {
    trap_exit(true);
    let me = pid();
    let (peer, _) = idle();
    link(peer);
    assert_eq!(links_of(me).await, [peer]);
    send(peer, "end");
    sleep(Duration::from_secs(1)).await;
    let info = process_info(me).await.expect("it is me");
    assert!(info.links.is_empty(), "it is received, though no receive has looked at it");
    receive! { Exit { pid, reason } => assert_eq!((pid, reason), (peer, ExitReason::Normal)) }
}

#[kerosene::test(seeds = 100)]
async fn unlink_leaves_a_received_exit() {
    trap_exit(true);
    let peer = spawn_link(async { exit("before") });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(process_info(pid()).await.map(|info| info.mailbox_len), Some(1));
    unlink(peer);
    receive! {
        Exit { pid, reason } => assert_eq!((pid, reason), (peer, ExitReason::from("before"))),
        after Duration::ZERO => panic!("it stood in the mailbox"),
    }
}

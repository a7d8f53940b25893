//! A link is one thing with two ends: making and removing it, by either of them.

use std::future::pending;

use kerosene::prelude::*;

use crate::{down, idle, linked_pair, links_of};

#[kerosene::test(seeds = 50)]
async fn two_links_are_one() {
    let (peer, watch) = idle();
    link(peer);
    link(peer);
    assert_eq!(links_of(peer).await, [pid()]);
    assert_eq!(links_of(pid()).await, [peer]);
    unlink(peer);
    assert_eq!(links_of(peer).await, []);
    assert_eq!(links_of(pid()).await, []);
    exit_signal(peer, "alone");
    assert_eq!(down(watch).await, ExitReason::from("alone"));
    sleep(Duration::from_secs(1)).await;

    // Linked from both sides it is one link as well.
    let test = pid();
    let (peer, watch) = spawn_monitor(async move {
        link(test);
        send(test, "linked");
        pending::<()>().await;
    });
    link(peer);
    receive! { "linked" => () }
    assert_eq!(links_of(peer).await, [test]);
    unlink(peer);
    assert_eq!(links_of(peer).await, []);
    exit_signal(peer, "alone");
    assert_eq!(down(watch).await, ExitReason::from("alone"));
}

#[kerosene::test(seeds = 100)]
async fn either_end_may_unlink() {
    for who_links_unlinks in [true, false] {
        let test = pid();
        let passive = spawn_monitor(async move {
            let peer = receive! { peer: Pid => peer };
            if !who_links_unlinks {
                unlink(peer);
                send(peer, "unlinked");
            }
            receive! { "end" => () }
        });
        let active = spawn_monitor(async move {
            link(passive.0);
            send(passive.0, pid());
            if who_links_unlinks {
                unlink(passive.0);
            } else {
                receive! { "unlinked" => () }
            }
            assert_eq!(links_of(passive.0).await, []);
            send(test, "apart");
            receive! { "end" => () }
        });
        receive! { "apart" => () }
        assert_eq!(links_of(active.0).await, []);
        exit_signal(active.0, "alone");
        assert_eq!(down(active.1).await, ExitReason::from("alone"));
        assert!(is_alive(passive.0).await);
    }
}

#[kerosene::test(seeds = 20)]
async fn a_link_to_oneself_is_nothing() {
    let (_, watch) = spawn_monitor(async {
        link(pid());
        assert_eq!(links_of(pid()).await, []);
        unlink(pid());
        trap_exit(true);
        link(pid());
        receive! { Exit { .. } => panic!("nobody ended"), after Duration::from_secs(1) => () }
        exit("the only reason")
    });
    assert_eq!(down(watch).await, ExitReason::from("the only reason"));
}

#[kerosene::test(seeds = 50)]
async fn unlinking_nothing_is_nothing() {
    let [(a, _), (b, b_watch)] = linked_pair().await;
    let (dead, watch) = spawn_monitor(async {});
    down(watch).await;
    unlink(a);
    unlink(dead);
    unlink(pid());
    unlink("<0.0.0>".parse().expect("a pid"));
    let info = process_info(pid()).await.expect("it is me");
    assert_eq!((info.links, info.mailbox_len), (vec![], 0));
    // A stranger's `unlink` leaves the link of others alone.
    assert_eq!(links_of(a).await, [b]);
    exit_signal(a, "together");
    assert_eq!(down(b_watch).await, ExitReason::from("together"));
}

#[kerosene::test(seeds = 300)]
async fn spawn_link_never_reports_no_proc() {
    trap_exit(true);
    for reason in [ExitReason::Normal, "at once".into()] {
        let returned = reason.clone();
        let child = spawn_link(async move { returned });
        receive! { Exit { pid, reason: heard } => assert_eq!((pid, heard), (child, reason)) }
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn spawn_link_never_reports_no_proc_on_real_threads() {
    trap_exit(true);
    for round in 0..5_000_u32 {
        let child = spawn_link(async move { ExitReason::shutdown_with(round) });
        receive! { Exit { pid, reason } => {
            assert_eq!((pid, reason), (child, ExitReason::shutdown_with(round)));
        } }
    }
}

#[kerosene::test(seeds = 100)]
async fn spawn_opt_links_and_monitors_at_once() {
    trap_exit(true);
    let me = pid();
    let both = || SpawnOptions::new().link().monitor();
    let child = spawn_opt(both(), async move {
        let info = process_info(pid()).await.expect("it is me");
        assert_eq!((info.links, info.monitored_by), (vec![me], vec![me]));
        exit("at once")
    });
    assert_eq!(links_of(me).await, [child.pid]);
    let watch = child.monitor.expect("asked for");
    assert_eq!(down(watch).await, ExitReason::from("at once"));
    receive! { Exit { pid, reason } => {
        assert_eq!((pid, reason), (child.pid, ExitReason::from("at once")));
    } }

    let neither = spawn_opt(SpawnOptions::new(), pending::<()>());
    assert_eq!(neither.monitor, None);
    let info = process_info(neither.pid).await.expect("it waits");
    assert!(info.links.is_empty() && info.monitored_by.is_empty());
}

//! How a death crosses links: what the reason is on the other side, and how far it goes.

use std::future::pending;

use kerosene::IntoExitReason;
use kerosene::prelude::*;

use crate::{down, idle, linked_pair, links_of};

#[kerosene::test(seeds = 100)]
async fn normal_over_a_link_is_ignored() {
    let [(a, a_watch), (b, _)] = linked_pair().await;
    send(a, "end");
    assert_eq!(down(a_watch).await, ExitReason::Normal);
    assert!(is_alive(b).await);
    // By the time `b` has heard of the end, the link is gone.
    sleep(Duration::from_secs(1)).await;
    assert_eq!(links_of(b).await, []);
}

/// The reason with which a process ends, whose peer ends by running this body.
async fn across_a_link(body: impl Future<Output: IntoExitReason> + Send + 'static) -> ExitReason {
    let (_, watch) = spawn_monitor(async move {
        spawn_link(body);
        pending::<()>().await;
    });
    down(watch).await
}

#[kerosene::test(seeds = 100)]
async fn exit_with_kill_crosses_a_link_as_kill() {
    assert_eq!(across_a_link(async { ExitReason::Kill }).await, ExitReason::Kill);
    assert_eq!(across_a_link(async { exit(ExitReason::Kill) }).await, ExitReason::Kill);
}

#[kerosene::test(seeds = 100)]
async fn kill_becomes_killed_across_a_link() {
    let [(a, a_watch), (_, b_watch)] = linked_pair().await;
    exit_signal(a, ExitReason::Kill);
    assert_eq!(down(b_watch).await, ExitReason::Killed);
    assert_eq!(down(a_watch).await, ExitReason::Killed);
}

#[kerosene::test(seeds = 50)]
async fn a_reason_crosses_a_link_unchanged() {
    let reasons = [
        ExitReason::Shutdown,
        ExitReason::shutdown_with("moved"),
        ExitReason::Killed,
        ExitReason::NoProc,
        ExitReason::from("text"),
        ExitReason::other((1, 'a')),
        ExitReason::error("no luck"),
    ];
    for reason in reasons {
        let ends_with = reason.clone();
        assert_eq!(across_a_link(async move { ends_with }).await, reason);
    }
    let panics = async { panic!("on purpose") };
    let ExitReason::Panic(info) = across_a_link(panics).await else { panic!("no panic") };
    assert_eq!(info.message, "on purpose");
}

#[kerosene::test(seeds = 100)]
async fn an_exit_over_a_removed_link_is_dropped() {
    let test = pid();
    let b = idle();
    // Both ends know that the link is removed: `a`, since it asked, and `b`, since it answers.
    let (a, a_watch) = spawn_monitor(async move {
        link(b.0);
        unlink(b.0);
        assert_eq!(links_of(b.0).await, []);
        send(test, "unlinked");
        receive! { () => exit("alone") }
    });
    receive! { "unlinked" => () }
    send(a, ());
    assert_eq!(down(a_watch).await, ExitReason::from("alone"));
    sleep(Duration::from_secs(1)).await;
    assert!(is_alive(b.0).await);
}

/// A row of processes, each linked to the next, that do not trap exits; all monitored.
async fn chain(len: usize) -> Vec<(Pid, Monitor)> {
    let test = pid();
    let mut row: Vec<(Pid, Monitor)> = vec![idle()];
    while row.len() < len {
        let (last, _) = *row.last().expect("it begins with one");
        row.push(spawn_monitor(async move {
            link(last);
            send(test, "linked");
            receive! { "end" => () }
        }));
        receive! { "linked" => () }
    }
    row
}

#[kerosene::test(seeds = 100)]
async fn a_chain_dies_of_the_first_reason() {
    let row = chain(10).await;
    exit_signal(row[3].0, "first");
    exit_signal(row[3].0, "second");
    for (_, watch) in row {
        assert_eq!(down(watch).await, ExitReason::from("first"));
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_chain_dies_of_the_first_reason_on_real_threads() {
    for round in 0..200 {
        let row = chain(10).await;
        exit_signal(row[round % 10].0, "first");
        for (_, watch) in row {
            assert_eq!(down(watch).await, ExitReason::from("first"));
        }
    }
}

#[kerosene::test(seeds = 100)]
async fn exit_names_the_neighbour() {
    trap_exit(true);
    let row = chain(4).await;
    let (origin, _) = row[0];
    let (neighbour, _) = row[3];
    link(neighbour);
    exit_signal(origin, "far away");
    receive! { Exit { pid, reason } => {
        assert_eq!((pid, reason), (neighbour, ExitReason::from("far away")));
    } }
}

#[kerosene::test(seeds = 100)]
async fn normal_ends_at_the_first_neighbour() {
    let row = chain(4).await;
    send(row[0].0, "end");
    assert_eq!(down(row[0].1).await, ExitReason::Normal);
    sleep(Duration::from_secs(1)).await;
    for (pid, _) in &row[1..] {
        assert!(is_alive(*pid).await);
    }
    assert_eq!(links_of(row[1].0).await, [row[2].0]);
}

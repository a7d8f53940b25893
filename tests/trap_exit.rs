//! Trapping exits: what a process reads as an `Exit` message, and what ends it all the same. The
//! rows of the table of exit signals in SEMANTICS.md, for a receiver that traps exits.

use std::future::pending;

use kerosene::prelude::*;

/// The next message is an `Exit`: from whom, and why.
async fn next_exit() -> (Pid, ExitReason) {
    receive! { Exit { pid, reason } => (pid, reason) }
}

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// Another process that sends an exit signal to this one, and its pid.
fn sent_by_another(reason: ExitReason) -> Pid {
    let to = pid();
    spawn(async move { exit_signal(to, reason) })
}

fn reasons() -> [ExitReason; 5] {
    [
        ExitReason::Shutdown,
        ExitReason::shutdown_with("moved"),
        ExitReason::from("text"),
        ExitReason::other(7),
        ExitReason::error("no luck"),
    ]
}

#[kerosene::test(seeds = 50)]
async fn normal_from_another_is_a_message() {
    trap_exit(true);
    let sender = sent_by_another(ExitReason::Normal);
    assert_eq!(next_exit().await, (sender, ExitReason::Normal));
}

#[kerosene::test(seeds = 50)]
async fn a_reason_from_another_is_a_message() {
    trap_exit(true);
    for reason in reasons() {
        let sender = sent_by_another(reason.clone());
        assert_eq!(next_exit().await, (sender, reason));
    }
}

/// Only `Kill` is special, and only as a signal.
#[kerosene::test(seeds = 50)]
async fn killed_and_no_proc_from_another_are_messages() {
    trap_exit(true);
    for reason in [ExitReason::Killed, ExitReason::NoProc, ExitReason::NoConnection] {
        let sender = sent_by_another(reason.clone());
        assert_eq!(next_exit().await, (sender, reason));
    }
}

#[kerosene::test(seeds = 50)]
async fn exit_names_the_caller_of_exit_signal() {
    trap_exit(true);
    let (stranger, watch) = spawn_monitor(pending::<()>());
    link(stranger);
    let caller = sent_by_another("from a third process".into());
    assert_eq!(next_exit().await, (caller, "from a third process".into()));
    // Whose signal ends the peer is not told: over a link the peer itself is named.
    exit_signal(stranger, "ended by me");
    assert_eq!(next_exit().await, (stranger, "ended by me".into()));
    assert_eq!(down(watch).await, ExitReason::from("ended by me"));
}

#[kerosene::test(seeds = 50)]
async fn an_exit_signal_to_a_trapping_self_is_a_message() {
    trap_exit(true);
    for reason in reasons().into_iter().chain([ExitReason::Normal]) {
        exit_signal(pid(), reason.clone());
        yield_now().await;
        assert_eq!(next_exit().await, (pid(), reason));
    }
}

#[kerosene::test(seeds = 50)]
async fn normal_over_a_link_is_a_message() {
    trap_exit(true);
    for times in 0..3 {
        let peer = spawn_link(async move {
            for _ in 0..times {
                yield_now().await;
            }
        });
        assert_eq!(next_exit().await, (peer, ExitReason::Normal));
    }
}

#[kerosene::test(seeds = 50)]
async fn a_reason_over_a_link_is_a_message() {
    trap_exit(true);
    for reason in reasons() {
        let returned = reason.clone();
        let peer = spawn_link(async move { returned });
        assert_eq!(next_exit().await, (peer, reason));
    }
    let peer = spawn_link(async { panic!("on purpose") });
    let (from, reason) = next_exit().await;
    assert!(from == peer && matches!(reason, ExitReason::Panic(_)));
}

#[kerosene::test(seeds = 50)]
async fn kill_over_a_link_can_be_trapped() {
    trap_exit(true);
    let peer = spawn_link(async { exit(ExitReason::Kill) });
    assert_eq!(next_exit().await, (peer, ExitReason::Kill));
}

#[kerosene::test(seeds = 50)]
async fn killed_over_a_link_can_be_trapped() {
    trap_exit(true);
    let peer = spawn_link(pending::<()>());
    exit_signal(peer, ExitReason::Kill);
    assert_eq!(next_exit().await, (peer, ExitReason::Killed));
}

#[kerosene::test(seeds = 50)]
async fn linking_the_dead_is_a_message_no_proc() {
    let (dead, watch) = spawn_monitor(async { exit("its own reason") });
    down(watch).await;
    trap_exit(true);
    link(dead);
    assert_eq!(next_exit().await, (dead, ExitReason::NoProc));
}

#[kerosene::test(seeds = 20)]
async fn trap_exit_returns_the_old_value() {
    assert!(!trap_exit(true));
    assert!(trap_exit(true));
    assert!(trap_exit(false));
    assert!(!trap_exit(false));
    let options = SpawnOptions::new().trap_exit().monitor();
    let child = spawn_opt(options, async { assert!(trap_exit(false)) });
    assert_eq!(down(child.monitor.expect("asked for")).await, ExitReason::Normal);
    // It is nobody's but the child's.
    assert!(!trap_exit(false));
}

/// What counts is the choice at reception: later ones change neither message nor death.
#[kerosene::test(seeds = 100)]
async fn a_trapped_exit_stays_a_message_after_untrapping() {
    let test = pid();
    let options = SpawnOptions::new().trap_exit().monitor();
    let child = spawn_opt(options, async move {
        receive! { "untrap" => () }
        trap_exit(false);
        let Exit { reason, .. } = receive! { exit: Exit => exit };
        send(test, reason);
        receive! { () => () }
    });
    exit_signal(child.pid, "while it trapped");
    assert!(is_alive(child.pid).await);
    send(child.pid, "untrap");
    receive! { reason: ExitReason => assert_eq!(reason, ExitReason::from("while it trapped")) }
    exit_signal(child.pid, "since then");
    assert_eq!(down(child.monitor.expect("asked for")).await, ExitReason::from("since then"));
}

/// A process that never receives has its signals received all the same.
#[kerosene::test(seeds = 100)]
async fn trapping_begins_with_the_next_signal_received() {
    let (child, watch) = spawn_monitor(async {
        receive! { "trap" => () }
        trap_exit(true);
        pending::<()>().await;
    });
    exit_signal(child, ExitReason::Normal);
    send(child, "trap");
    sleep(Duration::from_secs(1)).await;
    exit_signal(child, "a message");
    let info = process_info(child).await.expect("it traps exits");
    assert_eq!((info.trap_exit, info.mailbox_len), (true, 1));
    exit_signal(child, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
}

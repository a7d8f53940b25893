//! Aliases: section 5 of SEMANTICS.md, seen from outside.
//!
//! Whether a message through an alias counts is decided when it is received. A test that wants it
//! received gives way (`settle`); one that wants it under way does not await.

use std::sync::Arc;

use kerosene::prelude::*;

/// Lets everything arrive that has been sent.
async fn settle() {
    sleep(Duration::from_secs(1)).await;
}

/// The numbers in the mailbox, oldest first.
async fn numbers() -> Vec<u32> {
    let mut numbers = Vec::new();
    loop {
        receive! { number: u32 => numbers.push(number), after Duration::ZERO => return numbers }
    }
}

async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// A process that lives until it is told `"end"`.
fn idle() -> Pid {
    spawn(async {
        receive! { "end" => () }
    })
}

async fn dead() -> Pid {
    let (dead, watch) = spawn_monitor(async {});
    down(watch).await;
    dead
}

#[kerosene::test(seeds = 100)]
async fn an_alias_leads_to_its_creator() {
    let (first, second) = (alias(), alias());
    assert_ne!(first, second);
    let sender = spawn_link(async move {
        send(first, 1_u32);
        send(second, 2_u32);
        send(first, 3_u32);
    });
    down(monitor(sender)).await;
    assert_eq!(numbers().await, [1, 2, 3]);
    unalias(first);
    send(first, 4_u32);
    send(second, 5_u32);
    assert_eq!(numbers().await, [5], "each for itself");
}

#[kerosene::test(seeds = 20)]
async fn unalias_is_true_once() {
    for alias in [alias(), alias_reply(), monitor_alias(idle(), AliasMode::Demonitor).1] {
        assert!(unalias(alias));
        assert!(!unalias(alias));
    }
    let used = alias_reply();
    send(used, 1_u32);
    settle().await;
    assert!(!unalias(used), "its one message has switched it off");
}

#[kerosene::test(seeds = 50)]
async fn only_the_owner_can_unalias() {
    let test = pid();
    let mine = alias();
    spawn_link(async move {
        let theirs = alias();
        assert!(!unalias(mine));
        assert!(unalias(theirs));
        send(test, theirs);
    });
    let theirs = receive! { theirs: Alias => theirs };
    assert!(!unalias(theirs));
    send(mine, 1_u32);
    assert_eq!(numbers().await, [1]);
    assert!(unalias(mine));
}

/// Even where the alias is off: it is a name for the process, and only messages are switched off.
#[kerosene::test(seeds = 50)]
async fn a_monitor_of_an_alias_watches_its_creator() {
    let test = pid();
    let owner = spawn(async move {
        let off = alias();
        unalias(off);
        send(test, [alias(), off]);
        receive! { "end" => exit("told to") }
    });
    let aliases = receive! { aliases: [Alias; 2] => aliases };
    let watches = aliases.map(monitor);
    send(owner, "end");
    for watch in watches {
        receive! { Down { monitor, pid, name, reason, .. } if monitor == watch => {
            assert_eq!((pid, name, reason), (owner, None, ExitReason::from("told to")));
        } }
    }
    assert_eq!(down(monitor(aliases[0])).await, ExitReason::NoProc);
}

#[kerosene::test(seeds = 100)]
async fn a_reply_alias_takes_one_message() {
    let once = alias_reply();
    for number in [1_u32, 2] {
        spawn_link(async move {
            send(once, number);
            send(once, 3_u32);
        });
    }
    settle().await;
    assert!(matches!(numbers().await[..], [1 | 2]), "the first message, and no other");
    // Any message is the one, whoever it is meant for.
    let once = alias_reply();
    send(once, "not a number");
    send(once, 4_u32);
    assert_eq!(numbers().await, []);
    receive! { "not a number" => () }
}

#[kerosene::test(seeds = 100)]
async fn an_explicit_alias_outlives_its_monitor() {
    let worker = idle();
    let (watch, by_demonitor) = monitor_alias(worker, AliasMode::Explicit);
    assert!(demonitor(watch));
    let (watch, by_down) = monitor_alias(worker, AliasMode::Explicit);
    send(worker, "end");
    assert_eq!(down(watch).await, ExitReason::Normal);
    for (number, alias) in (0_u32..).zip([by_demonitor, by_down, by_down]) {
        send(alias, number);
    }
    assert_eq!(numbers().await, [0, 1, 2]);
    assert!(unalias(by_demonitor) && unalias(by_down));
}

#[kerosene::test(seeds = 100)]
async fn a_demonitor_alias_ends_with_its_monitor() {
    let worker = idle();
    let (watch, alias) = monitor_alias(worker, AliasMode::Demonitor);
    send(alias, 1_u32);
    send(alias, 2_u32);
    assert_eq!(numbers().await, [1, 2], "it takes any number of messages until then");
    assert!(demonitor(watch));
    send(alias, 3_u32);
    assert!(!unalias(alias));
    let (watch, alias) = monitor_alias(worker, AliasMode::Demonitor);
    send(worker, "end");
    assert_eq!(down(watch).await, ExitReason::Normal);
    send(alias, 4_u32);
    assert_eq!(numbers().await, []);
    assert!(!unalias(alias));
}

#[kerosene::test(seeds = 100)]
async fn a_reply_demonitor_alias_ends_both() {
    let worker = idle();
    let (watch, alias) = monitor_alias(worker, AliasMode::ReplyDemonitor);
    send(alias, 1_u32);
    send(alias, 2_u32);
    settle().await;
    assert_eq!(numbers().await, [1]);
    assert!(process_info(worker).await.expect("it lives").monitored_by.is_empty());
    assert!(!demonitor(watch) && !unalias(alias));
    send(worker, "end");
    settle().await;
    receive! {
        down: Down => panic!("{down:?} of a monitor that is gone"),
        after Duration::ZERO => (),
    }

    // Or the other way: by its `Down`, or by `demonitor`.
    let worker = idle();
    let (watch, alias) = monitor_alias(worker, AliasMode::ReplyDemonitor);
    let (taken_back, other) = monitor_alias(worker, AliasMode::ReplyDemonitor);
    assert!(demonitor(taken_back));
    send(other, 3_u32);
    send(worker, "end");
    assert_eq!(down(watch).await, ExitReason::Normal);
    send(alias, 4_u32);
    assert_eq!(numbers().await, []);
}

/// A reply and a death at the same time: one of them is heard, never both.
async fn reply_or_down(round: u64) {
    let server = spawn(async {
        receive! { reply_to: Alias => send(reply_to, 1_u32) }
    });
    let (watch, alias) = monitor_alias(server, AliasMode::ReplyDemonitor);
    send(server, alias);
    if round.is_multiple_of(2) {
        yield_now().await;
    }
    exit_signal(server, ExitReason::Kill);
    receive! {
        1_u32 => (),
        Down { monitor, .. } => assert_eq!(monitor, watch),
    }
    down(monitor(server)).await;
    receive! { message => panic!("{message:?} as well"), after Duration::ZERO => () }
}

#[kerosene::test(seeds = 300)]
async fn a_request_is_answered_or_down_but_not_both() {
    for round in 0..4 {
        reply_or_down(round).await;
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_request_is_answered_or_down_but_not_both_on_real_threads() {
    for round in 0..5_000 {
        reply_or_down(round).await;
    }
}

const MODES: [AliasMode; 3] =
    [AliasMode::Explicit, AliasMode::Demonitor, AliasMode::ReplyDemonitor];

#[kerosene::test(seeds = 100)]
async fn unalias_leaves_the_monitor() {
    for mode in MODES {
        let worker = idle();
        let (watch, alias) = monitor_alias(worker, mode);
        assert!(unalias(alias));
        send(alias, 1_u32);
        settle().await;
        assert_eq!(numbers().await, []);
        send(worker, "end");
        assert_eq!(down(watch).await, ExitReason::Normal, "{mode:?}");
    }
}

#[kerosene::test(seeds = 100)]
async fn each_mode_holds_when_the_monitored_is_dead() {
    let dead = dead().await;
    for (mode, is_left) in MODES.into_iter().zip([true, false, false]) {
        let (watch, alias) = monitor_alias(dead, mode);
        assert_eq!(down(watch).await, ExitReason::NoProc);
        send(alias, 1_u32);
        assert_eq!(numbers().await.len(), usize::from(is_left), "{mode:?}");
        assert_eq!(unalias(alias), is_left, "{mode:?}");
        // The same where it is a name that leads to nobody.
        let (watch, alias) = monitor_alias("nobody", mode);
        assert_eq!(down(watch).await, ExitReason::NoProc);
        assert_eq!(unalias(alias), is_left, "{mode:?}");
        // And for a reply that comes before the `Down` is received.
        let (watch, alias) = monitor_alias(dead, mode);
        unalias(alias);
        assert_eq!(down(watch).await, ExitReason::NoProc);
    }
}

#[kerosene::test(seeds = 100)]
async fn unalias_drops_what_is_not_received_yet() {
    let alias = alias();
    let held = Arc::new(());
    send(alias, 1_u32);
    send(alias, held.clone());
    assert!(unalias(alias));
    send(alias, 2_u32);
    settle().await;
    assert_eq!(numbers().await, [], "not even what was sent to oneself, and before");
    assert_eq!(Arc::strong_count(&held), 1, "what is dropped is freed");
}

#[kerosene::test(seeds = 100)]
async fn unalias_leaves_received_messages() {
    let alias = alias();
    send(alias, 1_u32);
    spawn_link(async move { send(alias, 2_u32) });
    settle().await;
    assert!(unalias(alias));
    send(alias, 3_u32);
    settle().await;
    assert_eq!(numbers().await, [1, 2]);
}

/// Whoever has switched an alias off and then looked once hears nothing through it any more.
#[kerosene::test(real, worker_threads = 4)]
async fn nothing_arrives_after_unalias_on_real_threads() {
    for round in 0..5_000_u64 {
        let alias = alias();
        let (sender, watch) = spawn_monitor(async move {
            for number in 0_u32..20 {
                send(alias, number);
            }
        });
        for _ in 0..round % 4 {
            yield_now().await;
        }
        unalias(alias);
        let received = numbers().await;
        assert!((0_u32..).zip(&received).all(|(expected, number)| expected == *number));
        down(watch).await;
        assert_eq!(numbers().await, [], "after {received:?} of {sender}");
    }
}

#[kerosene::test(seeds = 200)]
async fn an_alias_is_off_when_down_arrives() {
    let test = pid();
    for mode in MODES {
        let (owner, watch) = spawn_monitor(async move {
            send(test, [alias(), alias_reply(), monitor_alias(test, mode).1]);
            receive! { "end" => () }
        });
        let aliases = receive! { aliases: [Alias; 3] => aliases };
        send(owner, "end");
        down(watch).await;
        let held = Arc::new(());
        for alias in aliases {
            send(alias, held.clone());
            assert_eq!(Arc::strong_count(&held), 1, "it leads nowhere, so the message is freed");
        }
    }
}

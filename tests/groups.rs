//! Process groups: PG-1 (membership) and PG-2 (monitors).

use std::collections::BTreeMap;

use kerosene::otp::pg::{GroupMonitor, Joined, LeaveError, Left};
use kerosene::otp::{CallError, Scope, StartError, Strategy, Supervisor, sys};
use kerosene::prelude::*;

async fn started() -> Scope {
    let scope = Scope::default();
    scope.start_link().await.expect("the name is free");
    scope
}

/// A process that ends when it is sent `"end"`.
fn idler() -> Pid {
    spawn(async {
        receive! { "end" => () }
    })
}

async fn end(pid: Pid) {
    let watch = monitor(pid);
    send(pid, "end");
    receive! { Down { monitor, .. } if monitor == watch => () }
}

/// The next change, as `"+group"` or `"-group"`, and of whom.
async fn change(watch: GroupMonitor) -> (String, Pid) {
    receive! {
        Joined { monitor, group, pid, .. } if monitor == watch => (format!("+{group}"), pid),
        Left { monitor, group, pid, .. } if monitor == watch => (format!("-{group}"), pid),
    }
}

async fn assert_no_change() {
    receive! {
        Joined { group, pid, .. } => panic!("{pid} has joined {group}"),
        Left { group, pid, .. } => panic!("{pid} has left {group}"),
        after Duration::from_secs(1) => {}
    }
}

#[kerosene::test(seeds = 50)]
async fn who_joins_n_times_leaves_n_times() {
    let scope = started().await;
    let me = pid();
    for times in 1..=3 {
        assert_eq!(scope.join("a", me).await, Ok(()));
        assert_eq!(scope.get_members("a"), vec![me; times]);
    }
    for times in (0..3).rev() {
        assert_eq!(scope.leave("a", me).await, Ok(()));
        assert_eq!(scope.get_members("a"), vec![me; times]);
    }
    assert_eq!(scope.leave("a", me).await, Err(LeaveError::NotJoined));
}

#[kerosene::test(seeds = 50)]
async fn leaving_what_was_not_joined_is_an_error() {
    let scope = started().await;
    let other = idler();
    scope.join("a", other).await.expect("it runs");
    assert_eq!(scope.leave("a", pid()).await, Err(LeaveError::NotJoined));
    assert_eq!(scope.leave("b", other).await, Err(LeaveError::NotJoined));
    assert_eq!(scope.get_members("a"), [other]);
}

#[kerosene::test(seeds = 50)]
async fn a_group_exists_while_it_has_members() {
    let scope = started().await;
    assert!(scope.which_groups().is_empty());
    scope.join("b", pid()).await.expect("it runs");
    scope.join("a", pid()).await.expect("it runs");
    assert_eq!(scope.which_groups(), ["a", "b"]);
    scope.leave("b", pid()).await.expect("it is in there");
    assert_eq!(scope.which_groups(), ["a"]);
    assert!(scope.get_members("b").is_empty());
}

#[kerosene::test(seeds = 50)]
async fn a_member_that_ends_is_removed_from_all_groups() {
    let scope = started().await;
    let (mortal, other) = (idler(), idler());
    for group in ["a", "a", "b"] {
        scope.join(group, mortal).await.expect("it runs");
    }
    scope.join("b", other).await.expect("it runs");
    end(mortal).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(scope.which_groups(), ["b"]);
    assert_eq!(scope.get_members("b"), [other]);
    assert_eq!(scope.get_local_members("b"), [other]);
}

#[kerosene::test(seeds = 50)]
async fn joining_the_dead_succeeds_and_is_undone() {
    let scope = started().await;
    let dead = idler();
    end(dead).await;
    let (watch, _) = scope.monitor("a").await.expect("it runs");
    assert_eq!(scope.join("a", dead).await, Ok(()));
    assert_eq!(change(watch).await, ("+a".to_owned(), dead));
    assert_eq!(change(watch).await, ("-a".to_owned(), dead));
    assert!(scope.which_groups().is_empty());
}

#[kerosene::test(seeds = 50)]
async fn without_the_scope_groups_are_empty_and_cannot_be_joined() {
    let scope = Scope::named("missing");
    assert!(scope.get_members("a").is_empty());
    assert!(scope.which_groups().is_empty());
    assert_eq!(scope.broadcast("a", "hello"), 0);
    assert_eq!(scope.join("a", pid()).await, Err(CallError::NoProc));
    assert_eq!(scope.leave("a", pid()).await, Err(LeaveError::Call(CallError::NoProc)));
    assert_eq!(scope.monitor("a").await, Err(CallError::NoProc));
}

#[kerosene::test(seeds = 50)]
async fn scopes_do_not_mix() {
    let (one, two) = (started().await, Scope::named("two"));
    let process = two.start_link().await.expect("the name is free");
    assert_eq!(two.start_link().await, Err(StartError::AlreadyStarted(process)));
    one.join("a", pid()).await.expect("it runs");
    assert!(two.get_members("a").is_empty());
    assert_eq!(two.leave("a", pid()).await, Err(LeaveError::NotJoined));
}

#[kerosene::test(seeds = 50)]
async fn a_scope_that_is_restarted_begins_empty() {
    let scope = Scope::named("chat");
    let supervisor = Supervisor::new(Strategy::OneForOne).child(scope.child_spec());
    let supervisor = supervisor.start_link().await.expect("the name is free");
    scope.join("a", pid()).await.expect("it runs");
    let old = supervisor.child("chat").await.expect("it runs");
    exit_signal(old, ExitReason::Kill);
    while whereis("chat").is_none_or(|new| new == old) {
        sleep(Duration::from_millis(1)).await;
    }
    assert!(scope.get_members("a").is_empty());
    assert_eq!(scope.join("a", pid()).await, Ok(()));
    assert_eq!(scope.get_members("a"), [pid()]);
}

#[kerosene::test(seeds = 50)]
async fn reads_do_not_ask_the_scope() {
    let scope = started().await;
    scope.join("a", pid()).await.expect("it runs");
    sys::suspend(scope.name()).await.expect("it runs");
    assert_eq!(scope.get_members("a"), [pid()]);
    assert_eq!(scope.which_groups(), ["a"]);
    assert_eq!(scope.broadcast("a", 7_u8), 1);
    receive! { n: u8 => assert_eq!(n, 7) }
    let joining = spawn({
        let scope = scope.clone();
        async move {
            let _ = scope.join("a", pid()).await;
        }
    });
    sleep(Duration::from_mins(1)).await;
    assert!(is_alive(joining).await, "nobody answers it");
    sys::resume(scope.name()).await.expect("it runs");
}

#[kerosene::test(seeds = 50)]
async fn a_broadcast_reaches_each_membership() {
    let scope = started().await;
    let test = pid();
    for times in [1, 2] {
        let member = spawn(async move {
            loop {
                receive! { word: &str => send(test, (pid(), word)) }
            }
        });
        for _ in 0..times {
            scope.join("a", member).await.expect("it runs");
        }
    }
    assert_eq!(scope.broadcast("a", "hello"), 3);
    let mut heard = BTreeMap::new();
    for _ in 0..3 {
        receive! { (member, "hello"): (Pid, &str) => *heard.entry(member).or_insert(0) += 1 }
    }
    assert_eq!(heard.into_values().collect::<Vec<_>>(), [1, 2]);
}

#[kerosene::test(seeds = 200)]
async fn a_monitor_misses_nothing_and_is_told_nothing_twice() {
    let scope = started().await;
    for _ in 0..5 {
        let scope = scope.clone();
        spawn(async move {
            for _ in 0..3 {
                scope.join("a", pid()).await.expect("it runs");
                yield_now().await;
            }
            scope.leave("a", pid()).await.expect("it is in there");
        });
    }
    yield_now().await;
    let (watch, mut members) = scope.monitor("a").await.expect("it runs");
    loop {
        receive! {
            Joined { monitor, pid, .. } if monitor == watch => members.push(pid),
            Left { monitor, pid, .. } if monitor == watch => {
                let at = members.iter().position(|member| *member == pid);
                members.swap_remove(at.expect("who leaves was there"));
            }
            after Duration::from_secs(1) => break,
        }
    }
    assert_eq!(members, []);
    assert!(scope.which_groups().is_empty());
}

#[kerosene::test(seeds = 50)]
async fn a_member_that_had_joined_twice_leaves_twice() {
    let scope = started().await;
    let mortal = idler();
    scope.join("a", mortal).await.expect("it runs");
    scope.join("a", mortal).await.expect("it runs");
    let (watch, members) = scope.monitor("a").await.expect("it runs");
    assert_eq!(members, [mortal, mortal]);
    end(mortal).await;
    assert_eq!(change(watch).await, ("-a".to_owned(), mortal));
    assert_eq!(change(watch).await, ("-a".to_owned(), mortal));
    assert_no_change().await;
}

#[kerosene::test(seeds = 50)]
async fn a_monitor_of_a_group_is_told_of_no_other() {
    let scope = started().await;
    let (watch, members) = scope.monitor("a").await.expect("it runs");
    assert_eq!(members, []);
    scope.join("b", pid()).await.expect("it runs");
    scope.join("a", pid()).await.expect("it runs");
    assert_eq!(change(watch).await, ("+a".to_owned(), pid()));
    assert_no_change().await;
}

#[kerosene::test(seeds = 50)]
async fn a_monitor_of_a_scope_is_told_of_all_groups() {
    let scope = started().await;
    let me = pid();
    scope.join("a", me).await.expect("it runs");
    let (watch, groups) = scope.monitor_scope().await.expect("it runs");
    assert_eq!(groups, BTreeMap::from([("a".into(), vec![me])]));
    scope.join("b", me).await.expect("it runs");
    scope.leave("a", me).await.expect("it is in there");
    assert_eq!(change(watch).await, ("+b".to_owned(), me));
    assert_eq!(change(watch).await, ("-a".to_owned(), me));
}

#[kerosene::test(seeds = 50)]
async fn demonitor_takes_out_what_has_arrived() {
    let scope = started().await;
    let (one, _) = scope.monitor("a").await.expect("it runs");
    let (two, _) = scope.monitor("a").await.expect("it runs");
    scope.join("a", pid()).await.expect("it runs");
    assert_eq!(scope.demonitor(one).await, Ok(true));
    assert_eq!(scope.demonitor(one).await, Ok(false));
    scope.leave("a", pid()).await.expect("it is in there");
    assert_eq!(change(two).await, ("+a".to_owned(), pid()));
    assert_eq!(change(two).await, ("-a".to_owned(), pid()));
    assert_no_change().await;
}

#[kerosene::test(seeds = 50)]
async fn only_the_owner_takes_a_monitor_back() {
    let scope = started().await;
    let (watch, _) = scope.monitor("a").await.expect("it runs");
    let other = scope.clone();
    let (_, end) = spawn_monitor(async move {
        assert_eq!(other.demonitor(watch).await, Ok(false));
    });
    receive! { Down { monitor, reason, .. } if monitor == end => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    scope.join("a", pid()).await.expect("it runs");
    assert_eq!(change(watch).await, ("+a".to_owned(), pid()));
}

#[kerosene::test(seeds = 50)]
async fn the_monitors_of_a_process_end_with_it() {
    let scope = started().await;
    let watching = scope.clone();
    let (_, end) = spawn_monitor(async move {
        watching.monitor("a").await.expect("it runs");
        watching.monitor_scope().await.expect("it runs");
    });
    receive! { Down { monitor, .. } if monitor == end => () }
    sleep(Duration::from_secs(1)).await;
    let text = sys::get_state(scope.name()).await.expect("it runs");
    assert_eq!(text, "groups: 0, members: 0, monitors: 0");
}

#[kerosene::test(real, worker_threads = 4)]
async fn a_monitor_is_right_while_many_come_and_go_at_once() {
    let scope = started().await;
    let (watch, mut members) = scope.monitor("a").await.expect("it runs");
    let mut running = 0;
    for number in 0..40 {
        let scope = scope.clone();
        spawn_monitor(async move {
            for _ in 0..50 {
                scope.join("a", pid()).await.expect("it runs");
                if number % 2 == 0 {
                    scope.leave("a", pid()).await.expect("it is in there");
                }
            }
        });
        running += 1;
    }
    let mut changes = 0;
    while running > 0 || !members.is_empty() {
        receive! {
            Joined { monitor, pid, .. } if monitor == watch => {
                members.push(pid);
                changes += 1;
            }
            Left { monitor, pid, .. } if monitor == watch => {
                let at = members.iter().position(|member| *member == pid);
                members.swap_remove(at.expect("who leaves was there"));
                changes += 1;
            }
            Down { reason, .. } => {
                assert_eq!(reason, ExitReason::Normal);
                running -= 1;
            }
        }
    }
    assert_eq!(changes, 40 * 50 * 2);
    assert!(scope.get_members("a").is_empty());
}

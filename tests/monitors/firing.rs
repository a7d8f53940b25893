//! What a monitor says, when it says it, and to whom.

use std::collections::BTreeSet;
use std::future::pending;

use kerosene::prelude::*;

use crate::{dead, down, hears_no_down, idle, watchers_of};

#[kerosene::test(seeds = 100)]
async fn each_monitor_fires_once() {
    let worker = idle();
    let watches: BTreeSet<Monitor> = (0..3).map(|_| monitor(worker)).collect();
    assert_eq!(watches.len(), 3, "each is a monitor of its own");
    assert_eq!(watchers_of(worker).await, [pid(); 3]);
    send(worker, "end");
    let mut heard = BTreeSet::new();
    for _ in &watches {
        receive! { Down { monitor, pid, reason, .. } => {
            assert_eq!((pid, reason), (worker, ExitReason::from("told to")));
            heard.insert(monitor);
        } }
    }
    assert_eq!(heard, watches);
    sleep(Duration::from_secs(1)).await;
    hears_no_down().await;
}

#[kerosene::test(seeds = 100)]
async fn the_end_of_the_watcher_does_not_reach_the_watched() {
    let worker = idle();
    let (_, watch) = spawn_monitor(async move {
        monitor(worker);
        exit("abnormal")
    });
    assert_eq!(down(watch).await, ExitReason::from("abnormal"));
    sleep(Duration::from_secs(1)).await;
    let info = process_info(worker).await.expect("a monitor goes one way");
    assert_eq!(info.mailbox_len, 0);
}

#[kerosene::test(seeds = 100)]
async fn death_of_the_watcher_removes_its_monitors() {
    let (first, second) = (idle(), idle());
    let test = pid();
    let watcher = spawn(async move {
        let watches = [monitor(first), monitor(first), monitor(second)];
        send(test, watches);
        receive! { () => () }
    });
    receive! { _: [Monitor; 3] => () }
    let mine = monitor(first);
    assert_eq!(watchers_of(first).await.len(), 3);
    assert_eq!(watchers_of(second).await, [watcher]);
    exit_signal(watcher, ExitReason::Kill);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(watchers_of(first).await, [test], "the monitors of others stay");
    assert_eq!(watchers_of(second).await, []);
    send(first, "end");
    assert_eq!(down(mine).await, ExitReason::from("told to"));
}

#[kerosene::test(seeds = 100)]
async fn down_holds_the_name_only_if_set_by_name() {
    let worker = idle();
    register("one name", worker).expect("it is free");
    register("another name", worker).expect("it is free");
    let by_pid = monitor(worker);
    let by_name = monitor("one name");
    let by_other_name = monitor(String::from("another name"));
    send(worker, "end");
    for (watch, expected) in
        [(by_pid, None), (by_name, Some("one name")), (by_other_name, Some("another name"))]
    {
        receive! { Down { monitor, pid, name, .. } if monitor == watch => {
            assert_eq!(pid, worker);
            assert_eq!(name.as_deref(), expected);
        } }
    }
}

#[kerosene::test(seeds = 100)]
async fn monitoring_the_dead_hears_no_proc() {
    let dead = dead().await;
    let watches = [monitor(dead), monitor(dead)];
    for watch in watches {
        receive! { Down { monitor, pid, name, reason, .. } if monitor == watch => {
            assert_eq!((pid, name, reason), (dead, None, ExitReason::NoProc));
        } }
    }
    assert!(process_info(pid()).await.expect("it is me").monitors.is_empty());
}

#[kerosene::test(seeds = 100)]
async fn a_late_monitor_hears_no_proc() {
    let (worker, early) = spawn_monitor(async { exit("only the early hear it") });
    assert_eq!(down(early).await, ExitReason::from("only the early hear it"));
    assert_eq!(down(monitor(worker)).await, ExitReason::NoProc);

    // Whoever sends a signal that ends a process knows that it is dead.
    let worker = idle();
    let early = monitor(worker);
    exit_signal(worker, "lethal");
    let late = monitor(worker);
    assert_eq!(down(late).await, ExitReason::NoProc);
    assert_eq!(down(early).await, ExitReason::from("lethal"));
}

#[kerosene::test(seeds = 100)]
async fn monitoring_an_unknown_name_hears_no_proc() {
    let watch = monitor("nobody has this name");
    receive! { Down { monitor, name, reason, .. } => {
        assert_eq!((monitor, reason), (watch, ExitReason::NoProc));
        assert_eq!(name.as_deref(), Some("nobody has this name"));
    } }
    assert!(!demonitor(watch));
}

#[kerosene::test(seeds = 100)]
async fn a_monitored_name_is_looked_up_once() {
    let (first, second) = (idle(), idle());
    register("server", first).expect("it is free");
    let watch = monitor("server");
    unregister("server").expect("it is taken");
    register("server", second).expect("it is free again");
    exit_signal(second, ExitReason::Kill);
    sleep(Duration::from_secs(1)).await;
    hears_no_down().await;
    send(first, "end");
    receive! { Down { monitor, pid, name, reason, .. } => {
        assert_eq!((monitor, pid, reason), (watch, first, ExitReason::from("told to")));
        assert_eq!(name.as_deref(), Some("server"));
    } }

    // Nor does a monitor of a name wait for somebody to take it.
    let watch = monitor("late");
    register("late", idle()).expect("it is free");
    assert_eq!(down(watch).await, ExitReason::NoProc);
}

#[kerosene::test(seeds = 50)]
async fn monitoring_oneself_is_nothing() {
    let test = pid();
    let (_, watch) = spawn_monitor(async move {
        register("myself", pid()).expect("it is free");
        let mine = [monitor(pid()), monitor("myself")];
        let info = process_info(pid()).await.expect("it is me");
        assert!(info.monitors.is_empty());
        assert_eq!(info.monitored_by, [test]);
        for watch in mine {
            assert!(!demonitor(watch));
        }
        hears_no_down().await;
    });
    assert_eq!(down(watch).await, ExitReason::Normal);
}

#[kerosene::test(seeds = 300)]
async fn spawn_monitor_never_reports_no_proc() {
    for reason in [ExitReason::Normal, "at once".into(), ExitReason::Shutdown] {
        let returned = reason.clone();
        let (child, watch) = spawn_monitor(async move { returned });
        receive! { Down { monitor, pid, name, reason: heard, .. } => {
            assert_eq!((monitor, pid, name, heard), (watch, child, None, reason));
        } }
    }
    // Not even if it is killed before it has run.
    let (unborn, watch) = spawn_monitor(pending::<()>());
    exit_signal(unborn, ExitReason::Kill);
    assert_eq!(down(watch).await, ExitReason::Killed);
}

#[kerosene::test(real, worker_threads = 4)]
async fn spawn_monitor_never_reports_no_proc_on_real_threads() {
    for round in 0..5_000_u32 {
        let (child, watch) = spawn_monitor(async move { ExitReason::shutdown_with(round) });
        receive! { Down { monitor, pid, reason, .. } => {
            let expected = (watch, child, ExitReason::shutdown_with(round));
            assert_eq!((monitor, pid, reason), expected);
        } }
    }
}

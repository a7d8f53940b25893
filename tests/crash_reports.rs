//! Crash reports: a process that ends abnormally is reported once, through `tracing`, and one that
//! ends quietly is not. Where nobody has installed a subscriber, the report is a line on standard
//! error.
//!
//! Each test looks for the reports of its own processes, by label.

#[path = "common/reporter.rs"]
mod reporter;

use std::process::Command;

use kerosene::prelude::*;
use reporter::Report;
use tracing::Level;

fn install_reporter() {
    reporter::install(&["kerosene::crash"]);
}

/// Takes the reports of the processes with this label.
fn reports_of(label: &str) -> Vec<Report> {
    reporter::take(|report| report["label"] == label)
}

async fn down(watch: Option<Monitor>) -> ExitReason {
    receive! { Down { monitor, reason, .. } if Some(monitor) == watch => reason }
}

fn labelled(label: &str) -> SpawnOptions {
    SpawnOptions::new().monitor().label(label)
}

async fn waits() {
    receive! { "end" => () }
}

#[kerosene::test(seeds = 50)]
async fn an_abnormal_end_is_reported_once() {
    install_reporter();
    let label = "ends abnormally";
    let panics = spawn_opt(labelled(label), async { panic!("on purpose") });
    let fails = spawn_opt(labelled(label), async { Err::<(), _>("no luck") });
    let exits = spawn_opt(labelled(label), async { exit("enough") });
    let killed = spawn_opt(labelled(label), waits());
    exit_signal(killed.pid, ExitReason::Kill);
    exit_signal(killed.pid, "again");
    let linked = spawn_opt(labelled(label), async move {
        spawn_link(async { exit("by a link") });
        waits().await;
    });
    let ends = [
        (panics, "panic: on purpose"),
        (fails, "error: no luck"),
        (exits, "enough"),
        (killed, "killed"),
        (linked, "by a link"),
    ];
    for (child, _) in &ends {
        assert!(down(child.monitor).await.is_abnormal());
    }
    let reports = reports_of(label);
    assert_eq!(reports.len(), ends.len(), "{reports:?}");
    for (child, reason) in ends {
        let of_child = |report: &&Report| report["pid"] == child.pid.to_string();
        let [report] = reports.iter().filter(of_child).collect::<Vec<_>>()[..] else {
            panic!("not one report of {}: {reports:?}", child.pid);
        };
        assert_eq!(report["level"], Level::ERROR.to_string());
        assert!(report["reason"].starts_with(reason), "{report:?}");
        assert!(report["spawned_at"].contains("crash_reports.rs:"), "{report:?}");
    }
}

#[kerosene::test(seeds = 50)]
async fn a_quiet_end_is_not_reported() {
    install_reporter();
    let label = "ends quietly";
    let reasons = [ExitReason::Normal, ExitReason::Shutdown, ExitReason::shutdown_with("moved")];
    for reason in reasons {
        let returned = reason.clone();
        let returns = spawn_opt(labelled(label), async { returned });
        assert_eq!(down(returns.monitor).await, reason);
        let exited = reason.clone();
        let exits = spawn_opt(labelled(label), async { exit(exited) });
        assert_eq!(down(exits.monitor).await, reason);
    }
    let told = spawn_opt(labelled(label), waits());
    exit_signal(told.pid, ExitReason::Shutdown);
    assert_eq!(down(told.monitor).await, ExitReason::Shutdown);
    assert_eq!(reports_of(label), []);
}

#[kerosene::test(seeds = 50)]
async fn a_report_tells_what_is_known_of_the_process() {
    install_reporter();
    trap_exit(true);
    let label = "is well known";
    let child = spawn_opt(labelled(label).link(), async {
        sleep(Duration::from_secs(7)).await;
        exit("late")
    });
    register("first name", child.pid).expect("it is free");
    register("second name", child.pid).expect("it is free");
    send(child.pid, "unread");
    send(child.pid, "unread, too");
    assert_eq!(down(child.monitor).await, ExitReason::from("late"));
    let [report] = &reports_of(label)[..] else { panic!("not one report") };
    assert!(report["names"].contains("first name") && report["names"].contains("second name"));
    assert_eq!(report["parent"], pid().to_string());
    assert_eq!(report["links"], format!("[{}]", pid()));
    assert_eq!(report["mailbox_len"], "2");
    assert_eq!(report["run_time"], "7s");
}

/// Whoever hears of an end may do so before the report is written, but no later than the end of the
/// runtime it is there.
#[test]
fn reports_come_from_real_threads() {
    install_reporter();
    let runtime = Runtime::builder().worker_threads(2).build().expect("threads can be started");
    let label = "on a real thread";
    let stopped = runtime.run(async move {
        let children: Vec<_> =
            (0..500).map(|_| spawn_opt(labelled(label), async { exit("one of many") })).collect();
        for child in children {
            down(child.monitor).await;
        }
    });
    assert_eq!(stopped.reason, ExitReason::Normal);
    assert_eq!(reports_of(label).len(), 500);
}

/// Set in the child program that shows what happens without a subscriber.
const CHILD: &str = "CRASH_REPORTS_CHILD";

#[test]
fn without_a_subscriber_a_report_is_a_line_on_standard_error() {
    if std::env::var_os(CHILD).is_some() {
        kerosene::run(async {
            let (_, watch) = spawn_monitor(async { exit("heard by nobody") });
            down(Some(watch)).await;
            let store = spawn_opt(labelled("of the shop"), async {
                register("store", pid()).expect("the name is free");
                panic!("out of paper")
            });
            down(store.monitor).await;
            let (_, watch) = spawn_monitor(async { exit(ExitReason::Shutdown) });
            down(Some(watch)).await;
        });
        return;
    }
    let this_program = std::env::current_exe().expect("it has a path");
    let this_test = "without_a_subscriber_a_report_is_a_line_on_standard_error";
    let output = Command::new(this_program)
        .args(["--exact", this_test, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .expect("it can be started again");
    assert!(output.status.success(), "{output:?}");
    let errors = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = errors.lines().filter(|line| line.starts_with("process <")).collect();
    let [exits, panics] = lines[..] else { panic!("not one line each:\n{errors}") };
    assert!(exits.contains("(spawned at tests/crash_reports.rs:"), "{exits}");
    assert!(exits.ends_with(") ended: heard by nobody"), "{exits}");
    assert!(panics.contains("> \"store\", of the shop (spawned at "), "{panics}");
    assert!(panics.contains(") ended: panic: out of paper"), "{panics}");
}

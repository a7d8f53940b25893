//! What supervisors report through `tracing`: OTP's content, one event for each thing that happens.
//!
//! Each test looks for the reports of its own supervisor, by name.

#[path = "common/reporter.rs"]
mod reporter;

use kerosene::otp::{AutoShutdown, Probe, StartError};
use kerosene::prelude::*;
use reporter::Report;

fn install_reporter() {
    reporter::install(&["kerosene::supervisor"]);
}

/// Takes the reports in which a field has this value.
fn reports_of(field: &'static str, value: &str) -> Vec<Report> {
    reporter::take(|report| report.get(field).is_some_and(|v| v == value))
}

fn contexts(reports: &[Report]) -> Vec<&str> {
    reports.iter().map(|report| report["context"].as_str()).collect()
}

async fn fails() -> ExitReason {
    receive! { "fail" => "on purpose".into() }
}

/// Makes the child fail, and waits until the supervisor has done something about it.
async fn fail(supervisor: SupervisorRef) {
    send(supervisor.child("child").await.expect("it runs"), "fail");
    sleep(Duration::from_secs(1)).await;
}

#[kerosene::test]
async fn restarts_and_giving_up_are_reported() -> Result<(), StartError> {
    install_reporter();
    let name = "restarts and giving up";
    let spec = ChildSpec::process("child", fails).shutdown(Duration::from_secs(7));
    let supervisor = Supervisor::default().name(name).child(spec).start().await?;
    fail(supervisor).await;
    fail(supervisor).await;
    let reports = reports_of("supervisor_name", name);
    let expected = ["progress", "child_terminated", "progress", "child_terminated", "shutdown"];
    assert_eq!(contexts(&reports), expected);
    let ended = &reports[1];
    assert_eq!(ended["level"], "ERROR");
    assert_eq!(ended["supervisor"], supervisor.pid().to_string());
    assert_eq!(ended["child"], "child");
    assert_eq!(ended["reason"], "on purpose");
    assert_eq!((&*ended["restart"], &*ended["shutdown"]), ("permanent", "7s"));
    assert_eq!(ended["kind"], "worker");
    assert!(ended["pid"].parse::<Pid>().is_ok());
    let restarts: Vec<_> = reports.iter().map(|report| report["restarts"].as_str()).collect();
    assert_eq!(restarts, ["0", "0", "1", "1", "1"]);
    assert_eq!(reports[4]["reason"], "reached_max_restart_intensity");
    Ok(())
}

#[kerosene::test]
async fn orderly_ends_are_not_reported() -> Result<(), StartError> {
    install_reporter();
    let name = "orderly ends";
    let specs = [Restart::Transient, Restart::Temporary]
        .map(|restart| ChildSpec::process(restart.to_string(), || async {}).restart(restart));
    let waits = ChildSpec::process("waits", || async { sleep(Duration::MAX).await });
    let supervisor = Supervisor::default().name(name).children(specs).child(waits);
    let supervisor = supervisor.start().await?;
    sleep(Duration::from_secs(1)).await;
    supervisor.stop().await;
    let reports = reports_of("supervisor_name", name);
    assert_eq!(contexts(&reports), ["progress", "progress", "progress"]);
    Ok(())
}

#[kerosene::test]
async fn a_child_that_does_not_start_or_stop_as_it_should_is_reported() -> Result<(), StartError> {
    install_reporter();
    let name = "starts and stops";
    let stubborn = || async {
        trap_exit(true);
        sleep(Duration::MAX).await;
    };
    let spec = ChildSpec::process("stubborn", stubborn).shutdown(Duration::from_secs(1));
    let supervisor = Supervisor::default().name(name).child(spec).start().await?;
    let broken =
        ChildSpec::new("broken", || async { Err::<Pid, _>(StartError::Failed("no disk".into())) });
    assert!(supervisor.start_child(broken).await.is_err());
    sleep(Duration::from_secs(1)).await;
    supervisor.stop().await;
    let reports = reports_of("supervisor_name", name);
    assert_eq!(contexts(&reports), ["progress", "start_error", "shutdown_error"]);
    assert!(reports[1]["reason"].contains("no disk"));
    assert_eq!(reports[2]["reason"], "killed");
    Ok(())
}

#[kerosene::test]
async fn a_child_that_fails_its_probe_is_reported() -> Result<(), StartError> {
    install_reporter();
    let probe = Probe::new(|_| async { false }).every(Duration::from_secs(1));
    let spec = ChildSpec::process("not well", fails).probe(probe);
    let supervisor = Supervisor::default().child(spec).start().await?;
    sleep(Duration::from_millis(1500)).await;
    supervisor.stop().await;
    let reports = reports_of("child", "not well");
    assert!(contexts(&reports).contains(&"unhealthy"), "{reports:?}");
    Ok(())
}

#[kerosene::test]
async fn a_transient_supervisor_is_warned_of() -> Result<(), StartError> {
    install_reporter();
    let name = "has a transient supervisor";
    let transient = || Supervisor::default().child_spec("inner").restart(Restart::Transient);
    let permanent = Supervisor::default().child_spec("other");
    let supervisor = Supervisor::default().name(name).child(transient()).child(permanent);
    let supervisor = supervisor.auto_shutdown(AutoShutdown::AnySignificant);
    let supervisor = supervisor.start_link().await?;
    let significant = transient().with_id("significant").significant();
    assert!(supervisor.start_child(significant).await.is_ok());
    assert!(supervisor.start_child(transient().with_id("late")).await.is_ok());
    supervisor.stop().await;
    let warned = reports_of("context", "transient_supervisor");
    let children: Vec<_> = warned.iter().map(|report| report["child"].as_str()).collect();
    assert_eq!(children, ["inner", "late"]);
    Ok(())
}

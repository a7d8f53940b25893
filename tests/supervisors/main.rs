//! Supervisors: the section on supervision of SEMANTICS.md, seen from outside.
//!
//! The children of most tests write down when they start and when they are told to stop, in the
//! mailbox of the test: `+a` and `-a`. So the order of what a supervisor does can be compared with
//! what OTP would do.

mod auto_shutdown;
mod chaos;
mod dynamic;
mod modules;
mod requests;
mod restarts;
mod retries;
mod scale;
mod start_and_stop;
mod strategies;

use kerosene::otp::{self, ChildSpec, StartError, StartOptions, SupervisorRef};
use kerosene::prelude::*;

/// What a logged child writes down.
struct Note(String);

/// Makes a logged child end.
struct End(ExitReason);

/// A child that is registered under its id, and writes its starts and stops down in `log`.
fn logged(log: Pid, id: &'static str) -> ChildSpec {
    ChildSpec::new(id, move || start_logged(log, id))
}

async fn start_logged(log: Pid, id: &'static str) -> Result<Pid, StartError> {
    let options = StartOptions::new().name(id).trap_exit();
    let body = move |starting: otp::Starting| async move {
        send(log, Note(format!("+{id}")));
        starting.ready();
        receive! {
            End(reason) => reason,
            Exit { reason, .. } => {
                send(log, Note(format!("-{id}")));
                reason
            }
        }
    };
    otp::start_link(options, body).await
}

/// Everything written down since the last call, as in `"+a +b -b"`.
async fn notes() -> String {
    let mut notes = Vec::new();
    loop {
        receive! {
            Note(note) => notes.push(note),
            after Duration::ZERO => return notes.join(" "),
        }
    }
}

/// Makes a child end, and returns when it has.
async fn end(id: &str, reason: impl Into<ExitReason>) -> Pid {
    let pid = whereis(id).expect("the child runs");
    let watch = monitor(pid);
    send(pid, End(reason.into()));
    down(watch).await;
    pid
}

/// The reason in the `Down` of this monitor.
async fn down(watch: Monitor) -> ExitReason {
    receive! { Down { monitor, reason, .. } if monitor == watch => reason }
}

/// Waits until a child runs under another pid than before.
async fn restarted(supervisor: SupervisorRef, id: &str, old: Pid) -> Pid {
    loop {
        match supervisor.child(id).await {
            Some(pid) if pid != old => return pid,
            _ => sleep(Duration::from_millis(1)).await,
        }
    }
}

/// The ids of the children that run, in the order of starts.
async fn running(supervisor: SupervisorRef) -> Vec<String> {
    let children = supervisor.which_children().await.expect("the supervisor runs");
    let running = children.iter().filter(|child| child.state.pid().is_some());
    running.map(|child| child.id.to_string()).collect()
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

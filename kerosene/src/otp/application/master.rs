//! The process above the tree of one application.

use super::Application;
use super::environment::belong;
use crate::otp::{StartError, StartOptions, Starting, start_link};
use crate::{
    Exit, ExitReason, Pid, catch_exit, exit_signal, link, parent, receive, stops_children,
};

/// Starts an application, linked to the current process, which traps exits. Returns its master.
pub(super) async fn start(application: Application) -> Result<Pid, StartError> {
    let label = format!("application {}", application.name);
    let options = StartOptions::new().trap_exit().label(label).spawned_at(application.made_at);
    start_link(options, |starting| run(application, starting)).await
}

/// The body of the process. It ends when the tree has ended, with the same reason.
async fn run(application: Application, starting: Starting) -> ExitReason {
    stops_children(true);
    belong(&application.name, &application.environment);
    let started = catch_exit(async { (application.start)().await }).await;
    let top = match started.unwrap_or_else(|reason| Err(StartError::Failed(reason))) {
        Ok(top) => top,
        Err(StartError::Ignored) => return starting.ignore(),
        Err(StartError::Failed(reason)) => return starting.refuse(reason),
        Err(error) => return starting.refuse(ExitReason::error(error)),
    };
    link(top); // whether or not it is
    starting.ready();
    loop {
        receive! {
            Exit { pid, reason } if pid == top => return reason,
            // A tree that takes its parent's exit for an order to stop has got none yet.
            Exit { pid, .. } if Some(pid) == parent() => exit_signal(top, ExitReason::Shutdown),
            _ => {}
        }
    }
}

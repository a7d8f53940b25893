//! What `#[kerosene::main(app)]` calls: a runtime for one application, which signals stop in order.
//!
//! A runtime that stops has one deadline for everything, and each application as long as its
//! supervisors say. So the runtime must not be the one who minds the signals. The first process
//! does: it stops the applications, one after the other, and ends when they have; then the runtime
//! stops what else there is.

use std::future::Future;
use std::panic::Location;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use kerosene_macros::receive;

use crate::context::trap_exit;
use crate::otp::application::{Application, Applications};
use crate::scheduler::{RuntimeBuilder, Signals, StopCause};
use crate::term::{Exit, ExitReason};

/// Runs the application that a body returns as a program.
#[track_caller]
pub fn run_application<F>(builder: RuntimeBuilder, body: F) -> ExitCode
where
    F: Future<Output = Application> + Send + 'static,
{
    let runtime = match builder.build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kerosene: {error}");
            return ExitCode::FAILURE;
        }
    };
    let told = Arc::new(OnceLock::new());
    let mut stopped = runtime.run(run(body, Arc::clone(&told), Location::caller()));
    if let Some(cause) = told.get() {
        stopped.cause = *cause;
    }
    super::entry::conclude(stopped)
}

/// The body of the first process.
async fn run(
    body: impl Future<Output = Application>,
    told: Arc<OnceLock<StopCause>>,
    main: &'static Location<'static>,
) -> ExitReason {
    let mut signals = Signals::listen(true);
    trap_exit(true);
    let application = body.await;
    let name = application.name().clone();
    let applications = Applications::new().with(application);
    let applications = match applications.begin_at(name, main).await {
        Ok(applications) => applications,
        Err(reason) => return reason,
    };
    let ended = async {
        receive! { Exit { pid, reason } if pid == applications.pid() => reason }
    };
    tokio::select! {
        biased;
        reason = ended => return reason,
        cause = signals.next() => drop(told.set(cause)),
    }
    tokio::select! {
        biased;
        () = applications.end() => {}
        // Somebody is in a hurry.
        _ = signals.next() => {}
    }
    ExitReason::Shutdown
}

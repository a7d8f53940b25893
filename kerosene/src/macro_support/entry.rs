//! What `#[kerosene::main]` calls: a runtime that minds signals, and an exit code.

use std::future::Future;
use std::process::ExitCode;

use crate::scheduler::{RuntimeBuilder, StopCause, Stopped};
use crate::term::{ExitReason, IntoExitReason};

/// Runs the body of `main` as the first process of a program.
#[track_caller]
pub fn run_main<F>(builder: RuntimeBuilder, body: F) -> ExitCode
where
    F: Future<Output: IntoExitReason> + Send + 'static,
{
    let runtime = match builder.stop_on_signals().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kerosene: {error}");
            return ExitCode::FAILURE;
        }
    };
    conclude(runtime.run(body))
}

/// Says what is worth saying about the end of a program.
pub(super) fn conclude(stopped: Stopped) -> ExitCode {
    if stopped.cause == StopCause::ExitSignal {
        // A supervisor's report says more, but only to programs that have a subscriber for it.
        let hint = match stopped.reason {
            ExitReason::Shutdown => ", as by a supervisor that has given up",
            _ => "",
        };
        let reason = &stopped.reason;
        eprintln!("kerosene: the first process was ended by another one: {reason}{hint}");
    }
    if stopped.killed > 0 {
        let count = stopped.killed;
        eprintln!("kerosene: {count} processes did not stop within the deadline and were killed");
    }
    stopped.into()
}

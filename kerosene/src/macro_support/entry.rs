//! What `#[kerosene::main]` calls: a runtime that minds signals, and an exit code.

use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::scheduler::{RuntimeBuilder, StopCause, Stopped};
use crate::term::IntoExitReason;

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
    let by_itself = Arc::new(AtomicBool::new(false));
    let end = End(Arc::clone(&by_itself));
    let stopped = runtime.run(async move {
        let output = body.await;
        end.is_by_itself();
        output
    });
    // Relaxed: the runtime has stopped, and its threads with it.
    if stopped.cause == StopCause::Finished && !by_itself.load(Ordering::Relaxed) {
        eprintln!("kerosene: the first process was ended by another one: {}", stopped.reason);
        let _ = conclude(stopped);
        return ExitCode::FAILURE;
    }
    conclude(stopped)
}

/// Sees how the body of the first process ends. If it neither returns nor unwinds it was ended by
/// others, as by the link to a supervisor that has given up, and that is no success of the program
/// though it may be an orderly end of the process.
struct End(Arc<AtomicBool>);

impl End {
    fn is_by_itself(&self) {
        // Relaxed: as where it is read.
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.is_by_itself();
        }
    }
}

/// Says what is worth saying about the end of a program.
pub(super) fn conclude(stopped: Stopped) -> ExitCode {
    if stopped.killed > 0 {
        let count = stopped.killed;
        eprintln!("kerosene: {count} processes did not stop within the deadline and were killed");
    }
    stopped.into()
}

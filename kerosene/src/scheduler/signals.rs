//! The signals of the operating system that stop a runtime.

use super::stop::StopCause;

/// Listens for SIGINT and SIGTERM (elsewhere: Ctrl-C), from when it is made, so that no signal is
/// lost before somebody waits for it.
#[derive(Debug)]
pub(crate) struct Signals {
    #[cfg(unix)]
    streams: Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>,
    #[cfg(not(unix))]
    is_listening: bool,
}

impl Signals {
    /// Listens from now on; only in the context of a tokio runtime. If signals are none of the
    /// runtime's business, or cannot be had, there are none.
    #[cfg(unix)]
    pub(crate) fn listen(wanted: bool) -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let streams = || {
            let interrupt = signal(SignalKind::interrupt()).ok()?;
            Some((interrupt, signal(SignalKind::terminate()).ok()?))
        };
        Self { streams: wanted.then(streams).flatten() }
    }

    #[cfg(not(unix))]
    pub(crate) fn listen(wanted: bool) -> Self {
        Self { is_listening: wanted }
    }

    /// Waits for the next one.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> StopCause {
        let Some((interrupt, terminate)) = &mut self.streams else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => StopCause::Interrupted,
            _ = terminate.recv() => StopCause::Terminated,
        }
    }

    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) -> StopCause {
        if self.is_listening && tokio::signal::ctrl_c().await.is_ok() {
            return StopCause::Interrupted;
        }
        std::future::pending().await
    }
}

//! The function of a child spec that starts the child: called in the supervisor, which no panic
//! of it may end.

use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::otp::{StartError, StartOptions, start_link};
use crate::{IntoExitReason, Name, Pid, SpawnOptions, catch_exit, spawn_opt};

/// What a start function is told.
pub(super) struct How<'a> {
    pub(super) id: &'a Name,
    /// For a plain process.
    pub(super) options: Option<&'a StartOptions>,
    /// For a plain process: where its spec was made.
    pub(super) made_at: &'static Location<'static>,
}

/// A start that has been begun.
pub(super) enum Begun {
    Done(Result<Pid, StartError>),
    /// The child says later whether it is ready.
    Waiting(Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>>),
}

/// Starts a child. What a spec holds.
pub(super) trait StartFn: Send + Sync {
    fn begin(&self, how: &How<'_>) -> Begun;

    /// Whether what it starts is linked to the supervisor by that.
    fn links(&self) -> bool;
}

/// A function that starts a process and waits until it is ready.
pub(super) struct Acknowledged<F>(pub(super) F);

/// A function that makes the body of a plain process.
pub(super) struct Plain<F>(pub(super) F);

/// The body of a plain process, until it has been started.
pub(super) struct Once<B>(pub(super) Mutex<Option<B>>);

impl<F, B, P, E> StartFn for Acknowledged<F>
where
    F: Fn() -> B + Send + Sync,
    B: Future<Output = Result<P, E>> + Send + 'static,
    P: Into<Pid>,
    E: Into<StartError>,
{
    fn begin(&self, _: &How<'_>) -> Begun {
        let starting = (self.0)();
        Begun::Waiting(Box::pin(async { starting.await.map(Into::into).map_err(Into::into) }))
    }

    /// It should do so, but is the user's.
    fn links(&self) -> bool {
        false
    }
}

impl<F, B> StartFn for Plain<F>
where
    F: Fn() -> B + Send + Sync,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    fn begin(&self, how: &How<'_>) -> Begun {
        spawn_plain((self.0)(), how)
    }

    fn links(&self) -> bool {
        true
    }
}

impl<B> StartFn for Once<B>
where
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    fn begin(&self, how: &How<'_>) -> Begun {
        if let Some(body) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return spawn_plain(body, how);
        }
        let reason = "a child made by `ChildSpec::once` can be started once";
        Begun::Done(Err(StartError::Failed(reason.into())))
    }

    fn links(&self) -> bool {
        true
    }
}

/// A start function whose successes somebody hears of.
pub(super) struct Observed {
    pub(super) start: Arc<dyn StartFn>,
    pub(super) tell: Arc<dyn Fn(Pid) + Send + Sync>,
}

impl StartFn for Observed {
    fn begin(&self, how: &How<'_>) -> Begun {
        let tell = Arc::clone(&self.tell);
        match self.start.begin(how) {
            Begun::Done(started) => Begun::Done(started.inspect(|pid| tell(*pid))),
            Begun::Waiting(waiting) => {
                Begun::Waiting(Box::pin(async move { waiting.await.inspect(|pid| tell(*pid)) }))
            }
        }
    }

    fn links(&self) -> bool {
        self.start.links()
    }
}

fn spawn_plain<B>(body: B, how: &How<'_>) -> Begun
where
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    let Some(options) = how.options else {
        let options = SpawnOptions::new().link().label(how.id.as_str());
        return Begun::Done(Ok(spawn_opt(options.spawned_at(how.made_at), body).pid));
    };
    let options = options.clone().label(how.id.as_str()).spawned_at(how.made_at);
    Begun::Waiting(Box::pin(start_link(options, |starting| {
        starting.ready();
        body
    })))
}

/// Starts a child. A start function that panics or exits has failed.
pub(super) async fn start(function: &dyn StartFn, how: &How<'_>) -> Result<Pid, StartError> {
    let starting = async {
        match function.begin(how) {
            Begun::Done(started) => started,
            Begun::Waiting(waiting) => waiting.await,
        }
    };
    catch_exit(starting).await.unwrap_or_else(|reason| Err(StartError::Failed(reason)))
}

//! The function of a child spec that starts the child: called in the supervisor, which no panic
//! of it may end.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::otp::start::{spawn_child, start_link};
use crate::otp::{StartError, StartOptions};
use crate::{ExitReason, IntoExitReason, Name, Pid};

/// What a start function is told.
pub(super) struct How<'a> {
    pub(super) id: &'a Name,
    /// For a plain process.
    pub(super) options: &'a StartOptions,
    pub(super) ancestors: &'a Arc<[Pid]>,
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
}

impl<F, B> StartFn for Plain<F>
where
    F: Fn() -> B + Send + Sync,
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    fn begin(&self, how: &How<'_>) -> Begun {
        spawn_plain((self.0)(), how)
    }
}

impl<B> StartFn for Once<B>
where
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    fn begin(&self, how: &How<'_>) -> Begun {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(body) => spawn_plain(body, how),
            None => {
                let reason = "a child made by `ChildSpec::once` can be started once";
                Begun::Done(Err(StartError::Failed(reason.into())))
            }
        }
    }
}

fn spawn_plain<B>(body: B, how: &How<'_>) -> Begun
where
    B: Future<Output: IntoExitReason> + Send + 'static,
{
    if !how.options.is_named() {
        return Begun::Done(Ok(spawn_child(how.id, how.ancestors, body)));
    }
    let options = how.options.clone().label(how.id.as_str());
    Begun::Waiting(Box::pin(start_link(options, |starting| {
        starting.ready();
        body
    })))
}

/// Starts a child. A start function that panics or exits has failed.
pub(super) async fn start(function: &dyn StartFn, how: &How<'_>) -> Result<Pid, StartError> {
    let begun = catch_unwind(AssertUnwindSafe(|| function.begin(how)));
    let mut waiting = match begun {
        Ok(Begun::Done(started)) => return started,
        Ok(Begun::Waiting(waiting)) => waiting,
        Err(payload) => return Err(caught(&*payload)),
    };
    let started = poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| waiting.as_mut().poll(cx)));
        polled.unwrap_or_else(|payload| Err(caught(&*payload)).into())
    });
    started.await
}

fn caught(payload: &(dyn Any + Send)) -> StartError {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("something that is no text");
    StartError::Failed(ExitReason::from(format!("the start function panicked: {text}")))
}

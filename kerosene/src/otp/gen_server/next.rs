//! What callbacks return, and what else they may return that means it.

use std::error::Error;
use std::time::Duration;

use crate::otp::Answer;
use crate::{ExitReason, Message};

/// What a server does after a callback.
///
/// In Erlang: the tuples that callbacks return, without the state, which stays where it is.
#[derive(Debug)]
#[must_use]
#[non_exhaustive]
pub enum Next {
    /// Waits for the next message. What a callback without a result means.
    Continue,
    /// Runs the continue callback with this value, before any message is received, also those that
    /// are there already. Made by [`Next::continue_with`].
    ContinueWith(Message),
    /// Waits for the next message, but no longer than this; then an [`IdleTimeout`] arrives. Any
    /// message cancels it; what [`sys`](crate::otp::sys) asks does not.
    Timeout(Duration),
    /// Runs the terminate callback and ends.
    Stop(ExitReason),
    /// Runs the terminate callback, gives the answer, and ends.
    StopAndAnswer(ExitReason, Answer),
    /// Waits for the next message, perhaps for long. There is nothing to be compacted, so it is the
    /// same as `Continue`.
    Hibernate,
}

impl Next {
    /// [`Next::ContinueWith`] a value.
    pub fn continue_with<T: Send + 'static>(what: T) -> Self {
        Self::ContinueWith(Message::new(what))
    }
}

/// Arrives as a message when no other has for as long as [`Next::Timeout`] said.
///
/// In Erlang: the atom `timeout` in `handle_info/2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleTimeout;

/// What a callback may return: nothing, a [`Next`], or a `Result` of either, whose error stops the
/// server with [`ExitReason::Error`].
#[diagnostic::on_unimplemented(
    message = "a callback cannot return `{Self}`",
    label = "expected `()`, `Next`, or a `Result` of one of them",
    note = "what is an answer is returned by a `#[call]`"
)]
pub trait IntoNext {
    /// What the server does next.
    fn into_next(self) -> Next;
}

impl IntoNext for () {
    fn into_next(self) -> Next {
        Next::Continue
    }
}

impl IntoNext for Next {
    fn into_next(self) -> Next {
        self
    }
}

impl<N: IntoNext, E: Into<Box<dyn Error + Send + Sync>>> IntoNext for Result<N, E> {
    fn into_next(self) -> Next {
        match self {
            Ok(next) => next.into_next(),
            Err(error) => Next::Stop(ExitReason::error(error)),
        }
    }
}

/// How an initialisation ended.
///
/// In Erlang: what `init/1` returns.
#[derive(Debug)]
#[non_exhaustive]
pub enum Init<S> {
    /// The server is ready.
    Ready(S),
    /// It is ready, and does this first.
    Then(S, Next),
    /// It is not needed: the starter gets [`StartError::Ignored`](crate::otp::StartError::Ignored).
    Ignore,
    /// It cannot start. The process ends as `Normal`, in silence; the starter gets the reason.
    Refuse(ExitReason),
    /// It has failed. The process ends with the reason, which goes over its links.
    Fail(ExitReason),
}

/// What the initialisation of an `S` may return: the state, the state and what to do first, an
/// [`Init`], or a `Result` of the first two.
#[diagnostic::on_unimplemented(
    message = "an initialisation of `{S}` cannot return `{Self}`",
    label = "expected `{S}`, `Result<{S}, E>`, `({S}, Next)` or `Init<{S}>`",
    note = "the error of a `Result` must be an error type, or text"
)]
pub trait IntoInit<S> {
    /// How the initialisation ended.
    fn into_init(self) -> Init<S>;
}

impl<S> IntoInit<S> for S {
    fn into_init(self) -> Init<S> {
        Init::Ready(self)
    }
}

impl<S> IntoInit<S> for Init<S> {
    fn into_init(self) -> Self {
        self
    }
}

impl<S> IntoInit<S> for (S, Next) {
    fn into_init(self) -> Init<S> {
        Init::Then(self.0, self.1)
    }
}

impl<S, E: Into<Box<dyn Error + Send + Sync>>> IntoInit<S> for Result<S, E> {
    fn into_init(self) -> Init<S> {
        self.map_or_else(|error| Init::Refuse(ExitReason::error(error)), Init::Ready)
    }
}

impl<S, E: Into<Box<dyn Error + Send + Sync>>> IntoInit<S> for Result<(S, Next), E> {
    fn into_init(self) -> Init<S> {
        let ready = |(state, next)| Init::Then(state, next);
        self.map_or_else(|error| Init::Refuse(ExitReason::error(error)), ready)
    }
}

//! Requests to a supervisor.

use std::marker::PhantomData;

use crate::{
    Alias, AliasMode, Destination, Down, ExitReason, demonitor_flush, monitor_alias, receive, send,
};

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum CallError {
    /// gone.
    Exited(ExitReason),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
impl std::error::Error for CallError {}

#[derive(Debug)]
pub(super) struct ReplyTo<T>(Alias, PhantomData<fn(T)>);

struct Answer<T>(Alias, T);

impl<T: Send + 'static> ReplyTo<T> {
    pub(super) fn reply(self, value: T) {
        send(self.0, Answer(self.0, value));
    }
}

pub(super) async fn ask<T: Send + 'static, M: Send + 'static>(
    dest: impl Destination,
    make: impl FnOnce(ReplyTo<T>) -> M,
) -> Result<T, CallError> {
    let (watch, alias) = monitor_alias(&dest, AliasMode::ReplyDemonitor);
    send(dest, make(ReplyTo(alias, PhantomData)));
    let answer = receive! {
        Answer(to, value): Answer<T> if to == alias => Ok(value),
        Down { monitor, reason, .. } if monitor == watch => Err(CallError::Exited(reason)),
    };
    demonitor_flush(watch);
    answer
}

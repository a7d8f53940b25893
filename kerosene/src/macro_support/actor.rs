//! What the expansions of `#[actor]` call, and what describes the state of an actor.

use std::any::type_name;
use std::fmt;

use crate::context::{pid, spawn_link, unlink};
use crate::otp::{Calling, Next, ReplyTo, call_with, gen_server};
use crate::term::{Destination, Message};

/// A call that the actor answers out of the callback it runs for it.
#[inline]
pub fn call<T, M>(dest: impl Destination, message: impl FnOnce(ReplyTo<T>) -> M) -> Calling<T>
where
    T: Send + 'static,
    M: Send + 'static,
{
    let mut calling = call_with(dest, message);
    calling.set_answered_in_turn();
    calling
}

/// Answers, and does what comes next; if that is the end, the answer comes after it has begun.
pub fn answer<T: Send + 'static>(reply_to: ReplyTo<T>, answer: T, next: Next) -> Next {
    match next {
        Next::Stop(reason) => Next::StopAndAnswer(reason, reply_to.prepare(answer)),
        next => {
            reply_to.reply(answer);
            next
        }
    }
}

/// Answers from a process of its own, which ends with the actor, and the actor with it if it
/// crashes. When it has answered it is gone without a trace.
#[track_caller]
pub fn answer_from_a_process<T: Send + 'static>(
    reply_to: ReplyTo<T>,
    answer: impl Future<Output = T> + Send + 'static,
) {
    let actor = pid();
    spawn_link(async move {
        reply_to.answer_with(answer).await;
        unlink(actor);
    });
}

/// Reports a message that no callback takes.
pub fn unknown_message<S>(message: &Message) {
    gen_server::unknown(type_name::<S>(), message);
}

/// Says no, and that it was asked: the last part of a guard.
pub fn fit(fits: &mut bool) -> bool {
    *fits = true;
    false
}

/// Describes a state by its `Debug`, or by the name of its type where it has none.
///
/// The compiler prefers the trait that needs one reference less.
#[derive(Debug)]
pub struct Described<'a, T>(pub &'a T);

/// For types with `Debug`.
pub trait DescribedByDebug {
    /// The text.
    fn describe(&self) -> String;
}

/// For all types.
pub trait DescribedByName {
    /// The text.
    fn describe(&self) -> String;
}

impl<T: fmt::Debug> DescribedByDebug for Described<'_, T> {
    fn describe(&self) -> String {
        format!("{:?}", self.0)
    }
}

impl<T> DescribedByName for &Described<'_, T> {
    fn describe(&self) -> String {
        type_name::<T>().to_owned()
    }
}

/// The type of an answer of which nothing is known, after a mistake: a value of it is a value of
/// any type, so that no second mistake follows.
pub type Unknown = <fn() -> ! as Function>::Output;

/// Functions, for the type of what they return.
pub trait Function {
    /// What it returns.
    type Output;
}

impl<T> Function for fn() -> T {
    type Output = T;
}

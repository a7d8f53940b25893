//! Sending: any value to any destination, from anywhere, without waiting and without failing.

use std::any::{Any, TypeId};

use crate::process::{send_message, send_to, send_value, spend};
use crate::term::{Dest, Destination, Message};

/// Sends a message of any type.
///
/// It never waits and never fails. If the process has ended, the name is not registered or the
/// alias is not active any more, the message is dropped, and nobody is told: to know, monitor the
/// process, or ask for an answer. Messages and all other signals from one process to another
/// arrive in the order they were sent, also when some are sent to the pid and others to a name or
/// an alias.
///
/// The message is moved, and received as exactly the type it has here: `1` is an `i32`, `"text"` a
/// `&'static str`. Mailboxes have no bound, so whoever sends faster than the receiver receives
/// fills memory.
///
/// Works anywhere, also on plain threads, in plain tokio tasks and in destructors.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let parent = pid();
///     let adder = spawn(async move {
///         receive! { (a, b): (u32, u32) => send(parent, a + b) }
///     });
///     send(adder, (1_u32, 2_u32));
///     receive! { sum: u32 => assert_eq!(sum, 3) }
/// });
/// ```
///
/// A [`Message`] is sent as what is in it, not as a message within a message.
///
/// In Erlang: `!`, which copies the message, returns it, and raises `badarg` for a name that is not
/// registered; this is silent.
#[expect(clippy::inline_always, reason = "what depends on the type is a few instructions")]
#[inline(always)]
pub fn send<M: Any + Send>(dest: impl Destination, message: M) {
    spend(1);
    match dest.dest() {
        Dest::Pid(pid) if TypeId::of::<M>() != TypeId::of::<Message>() => send_value(pid, message),
        Dest::Pid(pid) => send_to(pid, Message::of(message)),
        dest => send_message(dest, Message::of(message)),
    }
}

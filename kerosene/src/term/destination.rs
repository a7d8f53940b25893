//! Where a message can be sent: the trait a handle implements, and the three kinds it stands for.

use super::{Alias, Name, Pid};

/// What a message can be sent to: a pid, a registered name, an alias, or a typed handle.
///
/// A handle type of your own becomes a destination by saying which [`Dest`] it stands for:
///
/// ```
/// use kerosene::prelude::*;
/// use kerosene::{Dest, Destination};
///
/// struct Logger(Pid);
///
/// impl Destination for Logger {
///     fn dest(&self) -> Dest<'_> {
///         Dest::Pid(self.0)
///     }
/// }
///
/// kerosene::run(async {
///     send(Logger(pid()), "a line");
///     receive! { line: &str => assert_eq!(line, "a line") }
/// });
/// ```
///
/// In Erlang: the left side of `!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something a message can be sent to",
    label = "expected a `Pid`, a name (`&str`, `String`, `Name`), an `Alias` or a handle",
    note = "the destination comes first: `send(pid, message)`"
)]
pub trait Destination {
    /// The destination as one of the kinds the runtime knows.
    fn dest(&self) -> Dest<'_>;
}

/// The kinds of destination the runtime knows: what a [`Destination`] stands for.
///
/// In Erlang: a pid, an atom, a reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Dest<'a> {
    /// One process.
    Pid(Pid),
    /// Whoever is registered under the name when the message is sent.
    Name(&'a str),
    /// The process that made the alias, while the alias is active.
    Alias(Alias),
}

impl Destination for Dest<'_> {
    fn dest(&self) -> Dest<'_> {
        *self
    }
}

impl Destination for Pid {
    #[inline]
    fn dest(&self) -> Dest<'_> {
        Dest::Pid(*self)
    }
}

impl Destination for Alias {
    #[inline]
    fn dest(&self) -> Dest<'_> {
        Dest::Alias(*self)
    }
}

impl Destination for str {
    fn dest(&self) -> Dest<'_> {
        Dest::Name(self)
    }
}

impl Destination for String {
    fn dest(&self) -> Dest<'_> {
        Dest::Name(self)
    }
}

impl Destination for Name {
    fn dest(&self) -> Dest<'_> {
        Dest::Name(self)
    }
}

impl<D: Destination + ?Sized> Destination for &D {
    #[inline]
    fn dest(&self) -> Dest<'_> {
        (**self).dest()
    }
}

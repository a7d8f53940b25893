//! Aliases.

use super::this;
use crate::signal::Lifetime;
use crate::term::{Alias, Reference};

/// Makes an address of the current process that can be switched off.
///
/// What is sent to it arrives until [`unalias`] is called.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let address = alias();
///     send(address, 1);
///     receive! { n: i32 => assert_eq!(n, 1) }
///     assert!(unalias(address));
///     send(address, 2);
///     receive! { _: i32 => unreachable!(), after Duration::ZERO => () }
/// });
/// ```
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `alias/0`.
#[track_caller]
pub fn alias() -> Alias {
    make(Lifetime::Explicit, "alias")
}

/// The same, but it is switched off by the first message that comes through it.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `alias([reply])`.
#[track_caller]
pub fn alias_reply() -> Alias {
    make(Lifetime::Reply, "alias_reply")
}

#[track_caller]
fn make(lifetime: Lifetime, function: &str) -> Alias {
    let current = this(function);
    let reference = Reference::fresh();
    current.with(|own| own.relations_mut().aliases.insert(reference, lifetime));
    Alias::new(reference, current.pid())
}

/// Switches an alias off. Messages under way through it are dropped; those received before stay in
/// the mailbox.
///
/// Returns whether it was active and one of this process'.
///
/// # Panics
///
/// If no process runs here.
///
/// In Erlang: `unalias/1`.
#[track_caller]
pub fn unalias(alias: Alias) -> bool {
    let current = this("unalias");
    alias.owner() == current.pid()
        && current
            .with(|own| own.relations.as_mut().is_some_and(|r| r.aliases.remove(alias.reference())))
}

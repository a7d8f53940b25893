//! Aliases: made and switched off by their process alone. Whether one counts is decided when a
//! message through it is received, in `signal`.

use super::this;
use crate::signal::Lifetime;
use crate::term::{Alias, Reference};

/// Makes a destination that leads to the current process until it is switched off.
///
/// What is sent to it arrives until [`unalias`] is called. The process stays reachable by its pid;
/// so give out the alias alone where an answer may come too late to be wanted.
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let reply_to = alias();
///     send(reply_to, 1);
///     receive! { n: i32 => assert_eq!(n, 1) }
///     assert!(unalias(reply_to));
///     send(reply_to, 2);
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

/// Makes an alias that is switched off by the first message that comes through it.
///
/// For one answer from whoever is first. An answer from one process, which might end instead, is
/// awaited with [`monitor_alias`](crate::monitor_alias).
///
/// ```
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let reply_to = alias_reply();
///     for n in 1..=2 {
///         send(reply_to, n);
///     }
///     receive! { n: i32 => assert_eq!(n, 1) }
///     receive! { _: i32 => unreachable!(), after Duration::ZERO => () }
///     assert!(!unalias(reply_to));
/// });
/// ```
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
/// Returns whether it was active and one of this process'. A monitor that was made with it stays.
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
        && current.with(|own| {
            own.existing_relations().is_some_and(|r| r.aliases.remove(alias.reference()))
        })
}

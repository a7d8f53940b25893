//! The aliases of a process, and when they are switched off.
//!
//! - A1: a message through an alias counts only if the alias is active when it is *received*; one
//!   that was sent before but not received yet is dropped.

use super::few::Few;
use crate::term::{AliasMode, Reference};

/// The active aliases of a process.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    entries: Few<Reference, Lifetime>,
}

/// What switches an alias off, besides `unalias`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// Nothing else.
    Explicit,
    /// The first message through it.
    Reply,
    /// The monitor of the same reference, when it fires or is removed.
    Demonitor,
    /// The first message through it, which removes the monitor as well.
    ReplyDemonitor,
}

/// Whether a message through an alias counts.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Accepted {
    /// The alias is not active: the message is dropped (A1).
    No,
    /// It counts.
    Yes,
    /// It counts, and the monitor of the same reference must be removed.
    YesAndDemonitor,
}

impl From<AliasMode> for Lifetime {
    fn from(mode: AliasMode) -> Self {
        match mode {
            AliasMode::Explicit => Self::Explicit,
            AliasMode::Demonitor => Self::Demonitor,
            AliasMode::ReplyDemonitor => Self::ReplyDemonitor,
        }
    }
}

impl Aliases {
    pub(crate) fn insert(&mut self, reference: Reference, lifetime: Lifetime) {
        self.entries.insert(reference, lifetime);
    }

    /// `unalias`: whether it was active.
    pub(crate) fn remove(&mut self, reference: Reference) -> bool {
        self.entries.remove(&reference).is_some()
    }

    /// A message came through the alias.
    pub(crate) fn on_message(&mut self, reference: Reference) -> Accepted {
        match self.entries.get(&reference) {
            None => Accepted::No,
            Some(Lifetime::Explicit | Lifetime::Demonitor) => Accepted::Yes,
            Some(Lifetime::Reply) => {
                self.entries.remove(&reference);
                Accepted::Yes
            }
            Some(Lifetime::ReplyDemonitor) => {
                self.entries.remove(&reference);
                Accepted::YesAndDemonitor
            }
        }
    }

    /// The monitor of the same reference has fired or was removed.
    pub(crate) fn on_monitor_gone(&mut self, reference: Reference) {
        if let Some(Lifetime::Demonitor | Lifetime::ReplyDemonitor) = self.entries.get(&reference) {
            self.entries.remove(&reference);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lifetime_ends_as_it_says() {
        let mut aliases = Aliases::default();
        let [explicit, reply, demonitor, both] = [(); 4].map(|()| Reference::fresh());
        aliases.insert(explicit, Lifetime::Explicit);
        aliases.insert(reply, Lifetime::Reply);
        aliases.insert(demonitor, Lifetime::Demonitor);
        aliases.insert(both, Lifetime::ReplyDemonitor);

        assert_eq!(aliases.on_message(explicit), Accepted::Yes);
        assert_eq!(aliases.on_message(explicit), Accepted::Yes);
        aliases.on_monitor_gone(explicit);
        assert!(aliases.remove(explicit));
        assert!(!aliases.remove(explicit));
        assert_eq!(aliases.on_message(explicit), Accepted::No);

        assert_eq!(aliases.on_message(reply), Accepted::Yes);
        assert_eq!(aliases.on_message(reply), Accepted::No);

        assert_eq!(aliases.on_message(demonitor), Accepted::Yes);
        aliases.on_monitor_gone(demonitor);
        assert_eq!(aliases.on_message(demonitor), Accepted::No);

        assert_eq!(aliases.on_message(both), Accepted::YesAndDemonitor);
        assert_eq!(aliases.on_message(both), Accepted::No);
    }
}

//! Monitors, from both ends: those a process has set, and those set on it.
//!
//! A monitor is an entry at the watcher (`Monitors`) and one at the watched (`Watchers`), under
//! the same reference.
//!
//! - W1: a `Down` has an effect only while the watcher's entry is there, so that after `demonitor`
//!   no new `Down` can arrive, and there is never more than one.
//! - W2: the watched sends one `Down` for each entry it has when it ends.

use super::few::Few;
use crate::term::{Name, Pid, Reference};

/// The monitors a process has set.
#[derive(Debug, Default)]
pub(crate) struct Monitors {
    entries: Few<Reference, Target>,
}

/// What a monitor watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) pid: Pid,
    /// The name it was found under, if it was set by name.
    pub(crate) name: Option<Name>,
}

impl Monitors {
    pub(crate) fn insert(&mut self, reference: Reference, target: Target) {
        self.entries.insert(reference, target);
    }

    /// `demonitor`: the target to tell, if the monitor was active.
    pub(crate) fn remove(&mut self, reference: Reference) -> Option<Target> {
        self.entries.remove(&reference)
    }

    /// A `Down` arrived: what it is about, or `None` if it has no effect (W1).
    pub(crate) fn on_down(&mut self, reference: Reference) -> Option<Target> {
        self.entries.remove(&reference)
    }

    pub(crate) fn targets(&self) -> impl Iterator<Item = (Reference, &Target)> + '_ {
        self.entries.iter().map(|(reference, target)| (*reference, target))
    }
}

/// The monitors set on a process.
#[derive(Debug, Default)]
pub(crate) struct Watchers {
    entries: Few<Reference, Pid>,
}

impl Watchers {
    pub(crate) fn on_monitor(&mut self, reference: Reference, watcher: Pid) {
        self.entries.insert(reference, watcher);
    }

    pub(crate) fn on_demonitor(&mut self, reference: Reference) {
        self.entries.remove(&reference);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Reference, Pid)> + '_ {
        self.entries.iter().map(|(reference, watcher)| (*reference, *watcher))
    }
}

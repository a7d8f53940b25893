//! Who wants to know of changes, and of which.

use std::collections::BTreeMap;

use super::GroupMonitor;
use crate::{Monitor, Name, Pid};

/// The monitors of a scope.
#[derive(Debug, Default)]
pub(super) struct Watchers {
    of_scope: BTreeMap<GroupMonitor, Pid>,
    of_group: BTreeMap<Name, BTreeMap<GroupMonitor, Pid>>,
    all: BTreeMap<GroupMonitor, Watcher>,
}

/// Whose a monitor is, and what it monitors.
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) pid: Pid,
    /// Tells the scope that the process has ended.
    pub(super) end: Monitor,
    /// `None`: the scope.
    pub(super) group: Option<Name>,
}

impl Watchers {
    pub(super) fn insert(&mut self, watch: GroupMonitor, watcher: Watcher) {
        let watches = match &watcher.group {
            Some(group) => self.of_group.entry(group.clone()).or_default(),
            None => &mut self.of_scope,
        };
        watches.insert(watch, watcher.pid);
        self.all.insert(watch, watcher);
    }

    pub(super) fn remove(&mut self, watch: GroupMonitor) -> Option<Watcher> {
        let watcher = self.all.remove(&watch)?;
        self.of_scope.remove(&watch);
        if let Some(group) = &watcher.group
            && let Some(watches) = self.of_group.get_mut(group)
        {
            watches.remove(&watch);
            if watches.is_empty() {
                self.of_group.remove(group);
            }
        }
        Some(watcher)
    }

    /// Whose a monitor is.
    pub(super) fn owner(&self, watch: GroupMonitor) -> Option<Pid> {
        self.all.get(&watch).map(|watcher| watcher.pid)
    }

    /// The monitors that a change of this group concerns.
    pub(super) fn of(&self, group: &Name) -> impl Iterator<Item = (GroupMonitor, Pid)> {
        let of_group = self.of_group.get(group).into_iter().flatten();
        self.of_scope.iter().chain(of_group).map(|(watch, pid)| (*watch, *pid))
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }
}

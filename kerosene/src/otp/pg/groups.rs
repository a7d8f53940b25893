//! What groups are: who is in which, and how often. Data, without any process.
//!
//! Everything is ordered, so that one seed of a simulation always broadcasts in the same order.
//!
//! - GR1: a group without members is not there.
//! - GR2: `of_pid` holds exactly the groups of a process that `by_name` has it in.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::repeat_n;

use crate::{Name, Pid};

/// The groups of a scope.
#[derive(Debug, Default)]
pub(super) struct Groups {
    by_name: BTreeMap<Name, BTreeMap<Pid, usize>>,
    of_pid: BTreeMap<Pid, BTreeSet<Name>>,
}

impl Groups {
    /// Adds a process to a group, once more if it is in there.
    pub(super) fn join(&mut self, group: &Name, pid: Pid) {
        *self.by_name.entry(group.clone()).or_default().entry(pid).or_default() += 1;
        self.of_pid.entry(pid).or_default().insert(group.clone());
    }

    /// Takes a process out of a group once. Whether it was in there.
    pub(super) fn leave(&mut self, group: &Name, pid: Pid) -> bool {
        let Some(times) = self.by_name.get_mut(group).and_then(|members| members.get_mut(&pid))
        else {
            return false;
        };
        *times -= 1;
        if *times == 0 {
            self.remove(group, pid);
            if let Some(groups) = self.of_pid.get_mut(&pid) {
                groups.remove(group);
                if groups.is_empty() {
                    self.of_pid.remove(&pid);
                }
            }
        }
        true
    }

    /// Takes a process out of all groups. Returns each, with how often it was in there.
    pub(super) fn leave_all(&mut self, pid: Pid) -> Vec<(Name, usize)> {
        let groups = self.of_pid.remove(&pid).unwrap_or_default();
        let left = |group: Name| {
            let times = self.remove(&group, pid);
            (group, times)
        };
        groups.into_iter().map(left).collect()
    }

    fn remove(&mut self, group: &Name, pid: Pid) -> usize {
        let Some(members) = self.by_name.get_mut(group) else { return 0 };
        let times = members.remove(&pid).unwrap_or(0);
        if members.is_empty() {
            self.by_name.remove(group);
        }
        times
    }

    /// Whether a process is in any group.
    pub(super) fn knows(&self, pid: Pid) -> bool {
        self.of_pid.contains_key(&pid)
    }

    /// The members of a group, each as often as it has joined.
    pub(super) fn members(&self, group: &str) -> Vec<Pid> {
        self.by_name.get(group).map(expanded).unwrap_or_default()
    }

    /// The names of the groups.
    pub(super) fn names(&self) -> Vec<Name> {
        self.by_name.keys().cloned().collect()
    }

    /// All groups with their members.
    pub(super) fn all(&self) -> BTreeMap<Name, Vec<Pid>> {
        self.by_name.iter().map(|(name, members)| (name.clone(), expanded(members))).collect()
    }

    /// How many groups there are, and how many processes are in any.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.by_name.len(), self.of_pid.len())
    }
}

fn expanded(members: &BTreeMap<Pid, usize>) -> Vec<Pid> {
    members.iter().flat_map(|(pid, times)| repeat_n(*pid, *times)).collect()
}

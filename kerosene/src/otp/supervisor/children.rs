//! The children of a supervisor, in the order of their starts, found by id and by pid.
//!
//! - C1: a child is in `by_pid` exactly if it is running, under its pid.
//! - C2: keys grow, so the order of keys is the order in which children were added. A child that is
//!   restarted keeps its key.

use std::collections::{BTreeMap, HashMap};

use super::core::Attempts;
use super::flags::Restart;
use super::pid_map::PidMap;
use super::spec::ChildSpec;
use crate::{Name, Pid};

/// The place of a child in the order of starts.
pub(super) type Key = u64;

/// A child, running or not.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) spec: ChildSpec,
    pub(super) attempts: Attempts,
    state: State,
}

/// What a child is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running(Pid),
    /// It has ended, and will be started again at the attempt with this number.
    Restarting(u64),
    Stopped,
}

impl Child {
    pub(super) fn state(&self) -> State {
        self.state
    }
}

/// The children.
#[derive(Debug, Default)]
pub(super) struct Children {
    by_key: BTreeMap<Key, Child>,
    by_id: HashMap<Name, Key>,
    by_pid: PidMap<Key>,
    next: Key,
    /// The number of the last attempt to restart a child.
    attempts: u64,
}

impl Children {
    /// Adds a child, stopped, as the last one. Its id must be new.
    pub(super) fn add(&mut self, spec: ChildSpec) -> Key {
        let key = self.next;
        self.next += 1;
        self.by_id.insert(spec.id().clone(), key);
        let child = Child { spec, attempts: Attempts::default(), state: State::Stopped };
        self.by_key.insert(key, child);
        key
    }

    pub(super) fn remove(&mut self, key: Key) {
        self.set(key, State::Stopped);
        if let Some(child) = self.by_key.remove(&key) {
            self.by_id.remove(child.spec.id());
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<&Child> {
        self.by_key.get(&key)
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Child> {
        self.by_key.get_mut(&key)
    }

    pub(super) fn key_of_id(&self, id: &str) -> Option<Key> {
        self.by_id.get(id).copied()
    }

    pub(super) fn key_of_pid(&self, pid: Pid) -> Option<Key> {
        self.by_pid.get(&pid).copied()
    }

    /// Says what a child is doing now (C1).
    pub(super) fn set(&mut self, key: Key, state: State) {
        let Some(child) = self.by_key.get_mut(&key) else { return };
        if let State::Running(pid) = std::mem::replace(&mut child.state, state) {
            self.by_pid.remove(&pid);
        }
        if let State::Running(pid) = state {
            self.by_pid.insert(pid, key);
        }
    }

    /// Marks a child as waiting to be restarted. Returns the number of the attempt.
    pub(super) fn set_restarting(&mut self, key: Key) -> u64 {
        self.attempts += 1;
        self.set(key, State::Restarting(self.attempts));
        self.attempts
    }

    /// All, in the order of starts.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (Key, &Child)> {
        self.by_key.iter().map(|(key, child)| (*key, child))
    }

    /// Those from a given one on, or all, in the order of starts.
    pub(super) fn from(&self, first: Option<Key>) -> impl Iterator<Item = (Key, Restart)> {
        let children = self.by_key.range(first.unwrap_or(0)..);
        children.map(|(key, child)| (*key, child.spec.restart_type()))
    }
}

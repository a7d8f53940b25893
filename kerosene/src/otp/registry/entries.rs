//! What a registry keeps. Data, without locks and processes.
//!
//! - EN1: a key without processes is not there.
//! - EN2: `of_pid` holds the keys of each process, as often as `by_key` has it under them.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use crate::Pid;

/// Who has which keys, with which values; and who wants to be told of changes.
#[derive(Debug)]
pub(super) struct Entries<K, V> {
    by_key: BTreeMap<K, Vec<Entry<V>>>,
    of_pid: BTreeMap<Pid, Vec<K>>,
    listeners: BTreeSet<Pid>,
}

/// One process under one key.
#[derive(Debug)]
struct Entry<V> {
    pid: Pid,
    value: V,
}

impl<K, V> Entries<K, V> {
    pub(super) fn new() -> Self {
        Self { by_key: BTreeMap::new(), of_pid: BTreeMap::new(), listeners: BTreeSet::new() }
    }

    pub(super) fn listeners(&self) -> impl Iterator<Item = Pid> {
        self.listeners.iter().copied()
    }

    pub(super) fn add_listener(&mut self, pid: Pid) {
        self.listeners.insert(pid);
    }

    pub(super) fn remove_listener(&mut self, pid: Pid) {
        self.listeners.remove(&pid);
    }
}

impl<K: Ord + Clone, V> Entries<K, V> {
    pub(super) fn insert(&mut self, key: K, pid: Pid, value: V) {
        self.of_pid.entry(pid).or_default().push(key.clone());
        self.by_key.entry(key).or_default().push(Entry { pid, value });
    }

    /// Removes a process from a key. Returns what there was, to be dropped without the lock.
    pub(super) fn remove(&mut self, key: &K, pid: Pid) -> (Vec<K>, Vec<V>) {
        let Some(keys) = self.of_pid.get_mut(&pid) else { return (Vec::new(), Vec::new()) };
        let removed = keys.extract_if(.., |other| other == key).collect();
        if keys.is_empty() {
            self.of_pid.remove(&pid);
        }
        (removed, self.remove_values(key, pid))
    }

    /// Removes all that a process has, in the order in which it has registered it.
    pub(super) fn remove_all(&mut self, pid: Pid) -> Vec<(K, Vec<V>)> {
        let keys = self.of_pid.remove(&pid).unwrap_or_default();
        let removed = |key: K| {
            let values = self.remove_values(&key, pid);
            (key, values)
        };
        keys.into_iter().map(removed).collect()
    }

    fn remove_values(&mut self, key: &K, pid: Pid) -> Vec<V> {
        let Some(entries) = self.by_key.get_mut(key) else { return Vec::new() };
        let removed: Vec<_> = entries.extract_if(.., |entry| entry.pid == pid).collect();
        if entries.is_empty() {
            self.by_key.remove(key);
        }
        removed.into_iter().map(|entry| entry.value).collect()
    }

    /// Puts these values, in their order, in place of those that a process has under a key. Returns
    /// what is left over, to be dropped without the lock.
    pub(super) fn replace<Q>(&mut self, key: &Q, pid: Pid, mut values: Vec<V>) -> Vec<V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let entries = self.by_key.get_mut(key).into_iter().flatten();
        for (entry, value) in entries.filter(|entry| entry.pid == pid).zip(&mut values) {
            std::mem::swap(&mut entry.value, value);
        }
        values
    }

    /// The process that has had a key for longest.
    pub(super) fn first<Q>(&self, key: &Q) -> Option<Pid>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.by_key.get(key)?.first().map(|entry| entry.pid)
    }

    pub(super) fn keys(&self, pid: Pid) -> Vec<K> {
        self.of_pid.get(&pid).cloned().unwrap_or_default()
    }
}

impl<K: Ord + Clone, V: Clone> Entries<K, V> {
    pub(super) fn lookup<Q>(&self, key: &Q) -> Vec<(Pid, V)>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let entries = self.by_key.get(key).into_iter().flatten();
        entries.map(|entry| (entry.pid, entry.value.clone())).collect()
    }

    /// What a process has under a key.
    pub(super) fn values<Q>(&self, key: &Q, pid: Pid) -> Vec<V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let entries = self.by_key.get(key).into_iter().flatten();
        entries.filter(|entry| entry.pid == pid).map(|entry| entry.value.clone()).collect()
    }

    pub(super) fn all(&self) -> Vec<(K, Pid, V)> {
        let of_key = |(key, entries): (&K, &Vec<Entry<V>>)| {
            let one = |entry: &Entry<V>| (key.clone(), entry.pid, entry.value.clone());
            entries.iter().map(one).collect::<Vec<_>>()
        };
        self.by_key.iter().flat_map(of_key).collect()
    }
}

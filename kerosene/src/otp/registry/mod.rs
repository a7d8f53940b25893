//! Registries: processes found by keys of any type, each with a value.
//!
//! A registry is no process. It is a table behind a lock, which whoever registers writes and
//! everybody reads, so nothing here waits, and there is nothing that could crash.
//!
//! - RG1: a process registers only itself. With its first key it puts a [`Belonging`] into its
//!   dictionary, which is dropped at its end and removes all its keys. That happens before the
//!   mailbox is closed and before anybody hears of the end: who has seen a process' end finds none
//!   of its keys.
//! - RG2: listeners are told under the lock, so each hears of all changes in their order. A
//!   listener that ends stops listening by RG1, before its mailbox is closed, so no message is
//!   dropped under the lock, and no destructor of a user's runs there.
//! - RG3: nothing else of the user's runs under the lock but the comparison of keys and the
//!   cloning of keys and values.
//!
//! [`entries`] is what is kept, without locks and processes; [`via`] is a key as a destination.

mod entries;
mod via;

use std::borrow::Borrow;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::{Pid, Reference, get, make_ref, pid, put, send};
use entries::Entries;
pub use via::Via;

/// Processes by key, each with a value.
///
/// Keys and values are of types of one's own; a process may have many keys. With
/// [`unique`](Self::unique) keys a key leads to one process, as a registered name does; with
/// [`duplicate`](Self::duplicate) keys to any number, for lists of those who want something. When
/// a process ends its keys are free before anybody hears of the end.
///
/// This is a handle: clones are the same registry, so give one to each process that needs it, or
/// keep it in a `static`. It belongs to no process and need not be started.
///
/// ```
/// use kerosene::otp::Registry;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let rooms = Registry::unique();
///     let room = {
///         let rooms = rooms.clone();
///         spawn(async move {
///             rooms.register(17_u32, "the red room").expect("no other has the number");
///             loop {
///                 receive! { (guest, "knock"): (Pid, &str) => send(guest, "come in") }
///             }
///         })
///     };
///     while rooms.whereis(&17).is_none() {
///         yield_now().await;
///     }
///     assert_eq!(rooms.lookup(&17), [(room, "the red room")]);
///     send(rooms.via(17), (pid(), "knock"));
///     receive! { answer: &str => assert_eq!(answer, "come in") }
/// });
/// ```
///
/// Keys are compared by their order, so that whatever is done for all of them has one order, in
/// each run of a [simulated test](crate::guide::testing). The destructors of keys and values may
/// do anything; their `clone`s must not use the registry.
///
/// In Elixir: `Registry`, whose keys are removed a moment after the process has ended.
pub struct Registry<K, V = ()> {
    shared: Arc<Shared<K, V>>,
}

#[derive(Debug)]
struct Shared<K, V> {
    /// By which a process' dictionary knows it.
    reference: Reference,
    keys: Keys,
    entries: RwLock<Entries<K, V>>,
}

/// How many processes may have one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Unique,
    Duplicate,
}

/// Arrives at listeners when a process has registered a key.
///
/// In Elixir: `{:register, registry, key, pid, value}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered<K, V = ()> {
    /// The key.
    pub key: K,
    /// Who has it.
    pub pid: Pid,
    /// What it was registered with.
    pub value: V,
}

/// Arrives at listeners when a process has given up a key, or has ended.
///
/// In Elixir: `{:unregister, registry, key, pid}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unregistered<K> {
    /// The key.
    pub key: K,
    /// Who had it.
    pub pid: Pid,
}

/// A key was not registered, since it is taken and keys are unique.
///
/// In Elixir: `{:error, {:already_registered, pid}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyTaken<K, V = ()> {
    /// The key.
    pub key: K,
    /// The value, given back.
    pub value: V,
    /// Who has the key; it may be the process that asked.
    pub by: Pid,
}

impl<K: fmt::Debug, V> fmt::Display for KeyTaken<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key {:?} is taken by {}", self.key, self.by)
    }
}

impl<K: fmt::Debug, V: fmt::Debug> Error for KeyTaken<K, V> {}

impl<K, V> Registry<K, V>
where
    K: Ord + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// An empty registry in which a key leads to one process.
    pub fn unique() -> Self {
        Self::new(Keys::Unique)
    }

    /// An empty registry in which a key leads to any number of processes, also several times to
    /// one.
    pub fn duplicate() -> Self {
        Self::new(Keys::Duplicate)
    }

    fn new(keys: Keys) -> Self {
        let entries = RwLock::new(Entries::new());
        Self { shared: Arc::new(Shared { reference: make_ref(), keys, entries }) }
    }

    /// Registers the current process under a key.
    ///
    /// # Errors
    ///
    /// [`KeyTaken`] if keys are unique and a process has this one.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Registry.register/3`.
    #[track_caller]
    pub fn register(&self, key: K, value: V) -> Result<(), KeyTaken<K, V>> {
        let me = pid();
        self.belong();
        let mut entries = self.shared.write();
        if self.shared.keys == Keys::Unique
            && let Some(by) = entries.first(&key)
        {
            return Err(KeyTaken { key, value, by });
        }
        for listener in entries.listeners() {
            send(listener, Registered { key: key.clone(), pid: me, value: value.clone() });
        }
        entries.insert(key, me, value);
        Ok(())
    }

    /// Gives up a key of the current process, with a registry of duplicates as often as it has it.
    /// Whether it had it.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Registry.unregister/2`.
    #[track_caller]
    pub fn unregister(&self, key: &K) -> bool {
        let me = pid();
        let mut entries = self.shared.write();
        let (keys, values) = entries.remove(key, me);
        for listener in entries.listeners() {
            for key in &keys {
                send(listener, Unregistered { key: key.clone(), pid: me });
            }
        }
        drop(entries);
        drop(keys);
        !values.is_empty()
    }

    /// Replaces the value that the current process has under a key by what a function makes of it;
    /// in a registry of duplicates each such value. Whether there was one.
    ///
    /// Others see the old value or the new one. Listeners are not told.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: `Registry.update_value/3`.
    #[track_caller]
    pub fn update_value<Q>(&self, key: &Q, mut update: impl FnMut(V) -> V) -> bool
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let me = pid();
        // Only this process changes these values, so they stay as they are meanwhile.
        let old = self.shared.read().values(key, me);
        let new: Vec<V> = old.into_iter().map(&mut update).collect();
        let is_there = !new.is_empty();
        let replaced = self.shared.write().replace(key, me, new);
        drop(replaced);
        is_there
    }

    /// The processes that have a key, with their values, in the order in which they have
    /// registered.
    ///
    /// In Elixir: `Registry.lookup/2`.
    pub fn lookup<Q>(&self, key: &Q) -> Vec<(Pid, V)>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.shared.read().lookup(key)
    }

    /// The process that has a key; among several the one that has had it longest.
    ///
    /// In Elixir: `Registry.whereis_name/1`.
    pub fn whereis<Q>(&self, key: &Q) -> Option<Pid>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.shared.read().first(key)
    }

    /// Calls a function for each process that has a key, in the order in which they have
    /// registered; returns how many that were.
    ///
    /// The function runs here, and may do anything. Who registers meanwhile is not met.
    ///
    /// ```
    /// use kerosene::otp::Registry;
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let listeners = Registry::duplicate();
    ///     listeners.register("news", "Anna").expect("keys may be had by many");
    ///     let told = listeners.dispatch("news", |pid, name| send(pid, format!("Dear {name}")));
    ///     assert_eq!(told, 1);
    ///     receive! { letter: String => assert_eq!(letter, "Dear Anna") }
    /// });
    /// ```
    ///
    /// In Elixir: `Registry.dispatch/3`.
    pub fn dispatch<Q>(&self, key: &Q, mut each: impl FnMut(Pid, V)) -> usize
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let found = self.lookup(key);
        let count = found.len();
        for (pid, value) in found {
            each(pid, value);
        }
        count
    }

    /// The keys of a process, in the order in which it has registered them.
    ///
    /// In Elixir: `Registry.keys/2`.
    pub fn keys(&self, pid: Pid) -> Vec<K> {
        self.shared.read().keys(pid)
    }

    /// Everything that is registered, ordered by key.
    ///
    /// In Elixir: `Registry.select/2`.
    pub fn all(&self) -> Vec<(K, Pid, V)> {
        self.shared.read().all()
    }

    /// A key as a destination, wherever a pid or a name can be given.
    ///
    /// In Elixir: `{:via, Registry, {registry, key}}`.
    pub fn via(&self, key: K) -> Via<K, V> {
        Via { registry: self.clone(), key }
    }

    /// From now on the current process is told of each change, by a [`Registered`] or an
    /// [`Unregistered`] message, until it ends or [stops listening](Self::stop_listening). Returns
    /// [all](Self::all) that is registered at this moment.
    ///
    /// The messages have the types of the registry, so name them: `Registered { key, pid, .. }:
    /// Registered<u32> => ...`.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Elixir: the option `:listeners`, which names them once and for all.
    #[track_caller]
    pub fn listen(&self) -> Vec<(K, Pid, V)> {
        self.belong();
        let mut entries = self.shared.write();
        entries.add_listener(pid());
        entries.all()
    }

    /// From now on the current process is told of nothing. What has arrived stays in its mailbox.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn stop_listening(&self) {
        self.shared.write().remove_listener(pid());
    }

    /// Makes sure that the current process leaves nothing here (RG1).
    #[track_caller]
    fn belong(&self) {
        let key = format!("$registry {}", self.shared.reference);
        if get::<Arc<Belonging<K, V>>>(&key).is_none() {
            put(key, Arc::new(Belonging { pid: pid(), shared: Arc::clone(&self.shared) }));
        }
    }
}

impl<K, V> Shared<K, V> {
    fn read(&self) -> RwLockReadGuard<'_, Entries<K, V>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Entries<K, V>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the dictionary of a process, what it has in a registry (RG1).
struct Belonging<K, V>
where
    K: Ord + Clone + Send + 'static,
{
    pid: Pid,
    shared: Arc<Shared<K, V>>,
}

impl<K, V> Drop for Belonging<K, V>
where
    K: Ord + Clone + Send + 'static,
{
    fn drop(&mut self) {
        let mut entries = self.shared.write();
        entries.remove_listener(self.pid);
        let removed = entries.remove_all(self.pid);
        for listener in entries.listeners() {
            for (key, _) in &removed {
                send(listener, Unregistered { key: key.clone(), pid: self.pid });
            }
        }
        drop(entries);
        drop(removed);
    }
}

impl<K, V> Clone for Registry<K, V> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<K, V> fmt::Debug for Registry<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.shared.keys;
        f.debug_struct("Registry").field("keys", &keys).finish_non_exhaustive()
    }
}

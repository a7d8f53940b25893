//! Registered names.
//!
//! - N1: a name belongs to one process at a time, and only to one that has not begun to end.
//! - N2: the lock of the registry is taken before that of a process. A process that begins to end
//!   says so under its own lock first and takes the registry's afterwards, so a registration that
//!   still found it alive has happened by then, and is undone.
//! - N3: who waits for a name is in `waiting` until the name is registered or the wait is dropped.
//!   It was put there under the same lock under which nobody had the name, so it misses none. Where
//!   nobody waits, a registration looks at an empty map, and that is all.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::task::{Context, Poll};

use foldhash::HashMap;
use tokio::sync::oneshot;

use super::table::slot_of;
use crate::term::{Name, Pid};

/// The names of one node.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    names: RwLock<Names>,
}

#[derive(Debug, Default)]
struct Names {
    by_name: HashMap<Name, Pid>,
    by_pid: BTreeMap<Pid, Vec<Name>>,
    waiting: HashMap<Name, Vec<oneshot::Sender<Pid>>>,
}

/// A wait until a name is registered (N3).
#[derive(Debug)]
pub(crate) struct Registered {
    registry: &'static Registry,
    name: Name,
    by: oneshot::Receiver<Pid>,
}

/// Why a name could not be registered.
///
/// In Erlang: `badarg`, for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterError {
    /// The name is taken.
    Taken {
        /// The name that was asked for.
        name: Name,
        /// Who has it; it may be the very process that was to be registered.
        by: Pid,
    },
    /// The process has ended.
    Dead {
        /// The name that was asked for.
        name: Name,
        /// The process that has ended.
        pid: Pid,
    },
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { name, by } => write!(f, "the name {name:?} is taken by {by}"),
            Self::Dead { name, pid } => {
                write!(f, "{pid} cannot be registered as {name:?}: the process has ended")
            }
        }
    }
}

impl std::error::Error for RegisterError {}

/// Nobody has the name that was to be unregistered.
///
/// In Erlang: `badarg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnregisterError {
    /// The name.
    pub name: Name,
}

impl fmt::Display for UnregisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no process is registered as {:?}", self.name)
    }
}

impl std::error::Error for UnregisterError {}

impl Registry {
    pub(crate) fn register(&self, name: Name, pid: Pid) -> Result<(), RegisterError> {
        let mut names = self.write();
        if let Some(by) = names.by_name.get(&name) {
            return Err(RegisterError::Taken { name, by: *by });
        }
        let alive = slot_of(pid).and_then(|slot| {
            slot.with_tenant(pid, |shared| {
                shared.has_names |= shared.state.is_live();
                shared.state.is_live()
            })
        });
        if alive != Some(true) {
            return Err(RegisterError::Dead { name, pid });
        }
        let waiting = if names.waiting.is_empty() { None } else { names.waiting.remove(&name) };
        names.by_pid.entry(pid).or_default().push(name.clone());
        names.by_name.insert(name, pid);
        drop(names);
        for waiting in waiting.into_iter().flatten() {
            let _ = waiting.send(pid); // it may have been dropped just now
        }
        Ok(())
    }

    pub(crate) fn unregister(&self, name: &str) -> Result<Pid, UnregisterError> {
        let mut names = self.write();
        let pid = names.by_name.remove(name).ok_or(UnregisterError { name: name.into() })?;
        if let Some(of_pid) = names.by_pid.get_mut(&pid) {
            of_pid.retain(|other| *other != *name);
            if of_pid.is_empty() {
                names.by_pid.remove(&pid);
            }
        }
        Ok(pid)
    }

    /// Frees all names of a process that has begun to end (N2).
    pub(crate) fn release(&self, pid: Pid) -> Vec<Name> {
        let mut names = self.write();
        let released = names.by_pid.remove(&pid).unwrap_or_default();
        for name in &released {
            names.by_name.remove(name);
        }
        released
    }

    pub(crate) fn whereis(&self, name: &str) -> Option<Pid> {
        self.read().by_name.get(name).copied()
    }

    /// The same; if nobody has the name, the way to wait for somebody.
    pub(crate) fn whereis_or_wait(&'static self, name: Name) -> Result<Pid, Registered> {
        let mut names = self.write();
        if let Some(pid) = names.by_name.get(&name) {
            return Ok(*pid);
        }
        let (tell, by) = oneshot::channel();
        names.waiting.entry(name.clone()).or_default().push(tell);
        Err(Registered { registry: self, name, by })
    }

    /// Forgets those who do not wait for a name any more.
    fn forget_closed(&self, name: &Name) {
        let mut names = self.write();
        if let Some(waiting) = names.waiting.get_mut(name) {
            waiting.retain(|tell| !tell.is_closed());
            if waiting.is_empty() {
                names.waiting.remove(name);
            }
        }
    }

    pub(crate) fn names(&self) -> Vec<Name> {
        let mut names: Vec<_> = self.read().by_name.keys().cloned().collect();
        names.sort();
        names
    }

    pub(crate) fn names_of(&self, pid: Pid) -> Vec<Name> {
        self.read().by_pid.get(&pid).cloned().unwrap_or_default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Names> {
        self.names.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Future for Registered {
    type Output = Pid;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Pid> {
        let told = Pin::new(&mut self.by).poll(cx);
        told.map(|pid| pid.expect("invariant N3: who waits is told before it is forgotten"))
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.by.close();
        self.registry.forget_closed(&self.name);
    }
}

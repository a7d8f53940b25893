//! Process groups: named sets of processes, to find them, to tell them all something, and to be
//! told who comes and goes.
//!
//! A [`Scope`] keeps groups. It is a process, found by its name, to which joining, leaving and
//! monitoring are requests, done one after the other. What it knows is in a table beside it:
//!
//! - P1: the scope alone writes the table; everybody reads it, and no read asks the scope.
//! - P2: the table is written before a request is answered, so whoever has joined finds itself.
//! - P3: a monitor's snapshot is taken between two changes, and each change after it is told to the
//!   monitor: nothing is missed and nothing is told twice.
//!
//! `groups` is what groups are, without any process; `watchers` is who wants to know;
//! `server` is the process.

mod groups;
mod server;
mod watchers;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::call::{CallError, ReplyTo, call_with};
use super::gen_server;
use super::start::{StartError, StartOptions};
use super::supervisor::ChildSpec;
use crate::{Name, Pid, Reference, pid, receive, send};
use server::{Request, Server, read};

/// The name of the default scope.
const DEFAULT_NAME: &str = "pg";

/// A family of process groups that do not mix with those of others, kept by a process of its own.
///
/// A scope is known by its name: this is the name, and the functions that take it. So it is made
/// anywhere, and means whichever process runs under the name at the time. That process is started
/// by [`start_link`](Self::start_link), best under a supervisor
/// ([`child_spec`](Self::child_spec)). While there is none all groups are empty, and nobody can
/// join. One that is started again begins with empty groups.
///
/// A group is a name too. It need not be made: it exists while it has members. A process may be in
/// many groups, and several times in one: then it has to leave as often. A process that ends has
/// left soon after; who cannot wait for that monitors the group.
///
/// ```
/// use kerosene::otp::Scope;
/// use kerosene::prelude::*;
///
/// kerosene::run(async {
///     let scope = Scope::default();
///     scope.start_link().await?;
///
///     scope.join("workers", pid()).await?;
///     assert_eq!(scope.get_members("workers"), [pid()]);
///     assert_eq!(scope.broadcast("workers", "lunch"), 1);
///     receive! { what: &str => assert_eq!(what, "lunch") }
///
///     scope.leave("workers", pid()).await?;
///     assert!(scope.which_groups().is_empty());
///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// });
/// ```
///
/// In Erlang: the first argument of the functions of `pg`. There a group is any term; here it is
/// text, as registered names are. Keys of other types are for [`Registry`](super::Registry).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    name: Name,
}

/// The default scope, which is called `pg`.
impl Default for Scope {
    fn default() -> Self {
        Self::named(DEFAULT_NAME)
    }
}

/// A monitor of a group or of a whole scope, made by [`Scope::monitor`] or
/// [`Scope::monitor_scope`]; the messages it sends carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupMonitor(Reference);

/// Arrives where a group is monitored and a process has joined it.
///
/// In Erlang: `{Ref, join, Group, Pids}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Joined {
    /// Whose message this is.
    pub monitor: GroupMonitor,
    /// Which group.
    pub group: Name,
    /// Who.
    pub pid: Pid,
}

/// Arrives where a group is monitored and a process has left it, or has ended. One that had joined
/// several times leaves as often.
///
/// In Erlang: `{Ref, leave, Group, Pids}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Left {
    /// Whose message this is.
    pub monitor: GroupMonitor,
    /// Which group.
    pub group: Name,
    /// Who.
    pub pid: Pid,
}

/// Why a process did not leave a group.
///
/// In Erlang: `not_joined`, or the exit of the call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LeaveError {
    /// It is not in the group.
    NotJoined,
    /// The scope has not answered.
    Call(CallError),
}

impl fmt::Display for LeaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJoined => f.write_str("the process is not in the group"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LeaveError {}

impl From<CallError> for LeaveError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl Scope {
    /// The scope of that name, whether or not its process runs.
    pub fn named(name: impl Into<Name>) -> Self {
        Self { name: name.into() }
    }

    /// The name, under which the process of the scope is registered.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Starts the process of the scope, linked to the current one.
    ///
    /// # Errors
    ///
    /// [`StartError::AlreadyStarted`] if the name is taken.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Erlang: `pg:start_link/0,1`.
    #[track_caller]
    pub fn start_link(&self) -> impl Future<Output = Result<Pid, StartError>> + Send + use<> {
        let options = StartOptions::new().name(&self.name).label("process groups");
        gen_server::start_link::<Server>(options, ())
    }

    /// Makes the process of the scope a child of a supervisor, with the name as its id.
    #[track_caller]
    pub fn child_spec(&self) -> ChildSpec {
        let options = StartOptions::new().name(&self.name).label("process groups");
        gen_server::child_spec::<Server>(&self.name, options, ())
    }

    /// Adds a process to a group, once more if it is in there already.
    ///
    /// One that has ended is added too, and leaves right after.
    ///
    /// # Errors
    ///
    /// [`CallError`]; [`CallError::NoProc`] if the scope does not run.
    ///
    /// In Erlang: `pg:join/2,3`.
    pub async fn join(&self, group: impl Into<Name>, pid: Pid) -> Result<(), CallError> {
        let group = group.into();
        self.ask(|reply_to| Request::Join(group, pid, reply_to)).await
    }

    /// Takes a process out of a group, once.
    ///
    /// # Errors
    ///
    /// [`LeaveError::NotJoined`], or that the scope does not run.
    ///
    /// In Erlang: `pg:leave/2,3`.
    pub async fn leave(&self, group: impl Into<Name>, pid: Pid) -> Result<(), LeaveError> {
        let group = group.into();
        let has_left = self.ask(|reply_to| Request::Leave(group, pid, reply_to)).await?;
        if has_left { Ok(()) } else { Err(LeaveError::NotJoined) }
    }

    /// The members of a group, each as often as it has joined, ordered by pid.
    ///
    /// A look into a table, on any thread. One that has ended may still be among them.
    ///
    /// In Erlang: `pg:get_members/1,2`, without an order.
    pub fn get_members(&self, group: impl AsRef<str>) -> Vec<Pid> {
        read(&self.name, |groups| groups.members(group.as_ref())).unwrap_or_default()
    }

    /// The members of a group that run on this node. There are no other nodes yet, so these are
    /// all.
    ///
    /// In Erlang: `pg:get_local_members/1,2`.
    pub fn get_local_members(&self, group: impl AsRef<str>) -> Vec<Pid> {
        self.get_members(group)
    }

    /// The groups that have members, in alphabetical order.
    ///
    /// In Erlang: `pg:which_groups/0,1`.
    pub fn which_groups(&self) -> Vec<Name> {
        read(&self.name, groups::Groups::names).unwrap_or_default()
    }

    /// Sends a message to all members of a group, to each as often as it has joined. Returns how
    /// many messages that were.
    ///
    /// In Erlang: `[Pid ! Message || Pid <- pg:get_members(Group)]`.
    pub fn broadcast<M>(&self, group: impl AsRef<str>, message: M) -> usize
    where
        M: Clone + Send + 'static,
    {
        let members = self.get_members(group);
        if let Some((last, others)) = members.split_last() {
            for member in others {
                send(member, message.clone());
            }
            send(last, message);
        }
        members.len()
    }

    /// Monitors a group: returns who is in it now, and from then on each change arrives as a
    /// [`Joined`] or [`Left`] message, in the order in which they happen.
    ///
    /// A monitor ends with the scope, without a word: who must know monitors the scope's process
    /// as well. A call that is dropped before the scope gets to it monitors nothing.
    ///
    /// ```
    /// use kerosene::otp::Scope;
    /// use kerosene::otp::pg::Left;
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let scope = Scope::named("chat");
    ///     scope.start_link().await?;
    ///     let guest = spawn(async { receive! { "go" => () } });
    ///     scope.join("guests", guest).await?;
    ///
    ///     let (watch, guests) = scope.monitor("guests").await?;
    ///     assert_eq!(guests, [guest]);
    ///     send(guest, "go");
    ///     receive! { Left { monitor, pid, .. } if monitor == watch => assert_eq!(pid, guest) }
    ///     Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// [`CallError`]; [`CallError::NoProc`] if the scope does not run.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Erlang: `pg:monitor/1,2`.
    pub async fn monitor(
        &self,
        group: impl Into<Name>,
    ) -> Result<(GroupMonitor, Vec<Pid>), CallError> {
        let (watcher, group) = (pid(), group.into());
        self.ask(|reply_to| Request::Monitor(watcher, group, reply_to)).await
    }

    /// Monitors all groups of the scope, also those that do not exist yet; otherwise as
    /// [`monitor`](Self::monitor).
    ///
    /// # Errors
    ///
    /// [`CallError`]; [`CallError::NoProc`] if the scope does not run.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    ///
    /// In Erlang: `pg:monitor_scope/0,1`.
    pub async fn monitor_scope(
        &self,
    ) -> Result<(GroupMonitor, BTreeMap<Name, Vec<Pid>>), CallError> {
        let watcher = pid();
        self.ask(|reply_to| Request::MonitorScope(watcher, reply_to)).await
    }

    /// Takes a monitor back. When it returns nothing of the monitor is in the mailbox, and nothing
    /// will arrive.
    ///
    /// Returns whether the monitor was active; it was not if it belongs to another process, or to a
    /// scope that has ended.
    ///
    /// # Errors
    ///
    /// [`CallError`]; the mailbox has nothing of the monitor then, either.
    ///
    /// In Erlang: `pg:demonitor/1,2`.
    pub async fn demonitor(&self, watch: GroupMonitor) -> Result<bool, CallError> {
        let watcher = pid();
        let was_active = self.ask(|reply_to| Request::Demonitor(watcher, watch, reply_to)).await;
        loop {
            receive! {
                Joined { monitor, .. } if monitor == watch => {}
                Left { monitor, .. } if monitor == watch => {}
                after Duration::ZERO => return was_active,
            }
        }
    }

    /// Asks the process of the scope, and waits as long as it takes: it waits for nobody.
    async fn ask<T: Send + 'static>(
        &self,
        request: impl FnOnce(ReplyTo<T>) -> Request,
    ) -> Result<T, CallError> {
        call_with(&self.name, request).timeout(Duration::MAX).await
    }
}

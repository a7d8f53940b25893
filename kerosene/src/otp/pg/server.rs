//! The process of a scope, and the table beside it that everybody reads.

use std::any::type_name;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::groups::Groups;
use super::watchers::{Watcher, Watchers};
use super::{GroupMonitor, Joined, Left};
use crate::otp::ReplyTo;
use crate::otp::gen_server::{GenServer, Init, Next, unknown};
use crate::{
    Down, Message, Monitor, Name, Pid, demonitor_flush, make_ref, monitor, pid, send, whereis,
};

/// The tables of the scopes that run, by the pids of their processes. A name leads to the pid: so
/// names mean what they mean to whoever asks, and a table is never found after its process.
static TABLES: RwLock<BTreeMap<Pid, Arc<Table>>> = RwLock::new(BTreeMap::new());

type Table = RwLock<Groups>;

/// Reads the table of the scope that runs under a name.
pub(super) fn read<R>(scope: &Name, look: impl FnOnce(&Groups) -> R) -> Option<R> {
    let pid = whereis(scope)?;
    let table = TABLES.read().unwrap_or_else(PoisonError::into_inner).get(&pid).cloned()?;
    let groups = table.read().unwrap_or_else(PoisonError::into_inner);
    Some(look(&groups))
}

/// A table that is found by the pid of the process that made this, until it is dropped.
#[derive(Debug)]
struct Published {
    by: Pid,
    table: Arc<Table>,
}

impl Published {
    fn new() -> Self {
        let published = Self { by: pid(), table: Arc::default() };
        let mut tables = TABLES.write().unwrap_or_else(PoisonError::into_inner);
        tables.insert(published.by, Arc::clone(&published.table));
        published
    }

    fn read<R>(&self, look: impl FnOnce(&Groups) -> R) -> R {
        look(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<R>(&self, change: impl FnOnce(&mut Groups) -> R) -> R {
        change(&mut self.table.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        TABLES.write().unwrap_or_else(PoisonError::into_inner).remove(&self.by);
    }
}

/// What a scope can be asked.
pub(super) enum Request {
    Join(Name, Pid, ReplyTo<()>),
    Leave(Name, Pid, ReplyTo<bool>),
    Monitor(Pid, Name, ReplyTo<(GroupMonitor, Vec<Pid>)>),
    MonitorScope(Pid, ReplyTo<(GroupMonitor, BTreeMap<Name, Vec<Pid>>)>),
    Demonitor(Pid, GroupMonitor, ReplyTo<bool>),
}

/// The state of a scope.
#[derive(Debug)]
pub(super) struct Server {
    groups: Published,
    watchers: Watchers,
    /// The monitors of the processes that are in any group.
    members: BTreeMap<Pid, Monitor>,
    /// What the end of a process means.
    ends: BTreeMap<Monitor, End>,
}

/// Whose end a monitor tells.
#[derive(Debug, Clone, Copy)]
enum End {
    Member(Pid),
    Watcher(GroupMonitor),
}

impl GenServer for Server {
    type Args = ();
    type Request = Request;

    async fn init((): ()) -> Init<Self> {
        Init::Ready(Self {
            groups: Published::new(),
            watchers: Watchers::default(),
            members: BTreeMap::new(),
            ends: BTreeMap::new(),
        })
    }

    async fn handle_request(&mut self, request: Request) -> Next {
        match request {
            Request::Join(group, pid, reply_to) => {
                self.join(&group, pid);
                reply_to.reply(());
            }
            Request::Leave(group, pid, reply_to) => {
                let has_left = self.leave(&group, pid);
                reply_to.reply(has_left);
            }
            // Who does not wait any more could not take the monitor back.
            Request::Monitor(.., reply_to) if !reply_to.is_wanted() => {}
            Request::MonitorScope(_, reply_to) if !reply_to.is_wanted() => {}
            Request::Monitor(watcher, group, reply_to) => {
                let members = self.groups.read(|groups| groups.members(&group));
                let watch = self.watch(watcher, Some(group));
                reply_to.reply((watch, members));
            }
            Request::MonitorScope(watcher, reply_to) => {
                let members = self.groups.read(Groups::all);
                let watch = self.watch(watcher, None);
                reply_to.reply((watch, members));
            }
            Request::Demonitor(watcher, watch, reply_to) => {
                let is_owner = self.watchers.owner(watch) == Some(watcher);
                reply_to.reply(is_owner && self.unwatch(watch));
            }
        }
        Next::Continue
    }

    async fn handle_info(&mut self, message: Message) -> Next {
        match message.downcast::<Down>() {
            Ok(down) => self.ended(down.monitor),
            Err(message) => unknown(type_name::<super::Scope>(), &message),
        }
        Next::Continue
    }

    fn describe(&self) -> String {
        let (groups, members) = self.groups.read(Groups::counts);
        let monitors = self.watchers.count();
        format!("groups: {groups}, members: {members}, monitors: {monitors}")
    }
}

impl Server {
    fn join(&mut self, group: &Name, pid: Pid) {
        self.groups.write(|groups| groups.join(group, pid));
        self.members.entry(pid).or_insert_with(|| {
            let end = monitor(pid);
            self.ends.insert(end, End::Member(pid));
            end
        });
        for (monitor, watcher) in self.watchers.of(group) {
            send(watcher, Joined { monitor, group: group.clone(), pid });
        }
    }

    fn leave(&mut self, group: &Name, pid: Pid) -> bool {
        let (has_left, is_known) =
            self.groups.write(|groups| (groups.leave(group, pid), groups.knows(pid)));
        if has_left {
            self.tell_left(group, pid);
        }
        if !is_known && let Some(end) = self.members.remove(&pid) {
            demonitor_flush(end);
            self.ends.remove(&end);
        }
        has_left
    }

    fn tell_left(&self, group: &Name, pid: Pid) {
        for (monitor, watcher) in self.watchers.of(group) {
            send(watcher, Left { monitor, group: group.clone(), pid });
        }
    }

    fn watch(&mut self, pid: Pid, group: Option<Name>) -> GroupMonitor {
        let watch = GroupMonitor(make_ref());
        let end = monitor(pid);
        self.ends.insert(end, End::Watcher(watch));
        self.watchers.insert(watch, Watcher { pid, end, group });
        watch
    }

    fn unwatch(&mut self, watch: GroupMonitor) -> bool {
        let Some(watcher) = self.watchers.remove(watch) else { return false };
        demonitor_flush(watcher.end);
        self.ends.remove(&watcher.end);
        true
    }

    /// A process has ended that was a member, or had a monitor.
    fn ended(&mut self, end: Monitor) {
        match self.ends.remove(&end) {
            Some(End::Member(pid)) => {
                self.members.remove(&pid);
                for (group, times) in self.groups.write(|groups| groups.leave_all(pid)) {
                    (0..times).for_each(|_| self.tell_left(&group, pid));
                }
            }
            Some(End::Watcher(watch)) => drop(self.watchers.remove(watch)),
            None => {}
        }
    }
}

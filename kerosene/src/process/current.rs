//! The process that runs on this thread.
//!
//! - C1: `slot` is set exactly while this thread has the turn of that process, from before its body
//!   is polled until everything of it has been dropped.

use std::cell::Cell;

use super::own::Own;
use super::schedule::Scheduled;
use super::slot::Slot;
use crate::term::Pid;

/// What a process may do in one turn, in reductions (one for a receive, a send, a spawn, a poll).
/// Large enough that the change of processes does not show, small enough that everybody else waits
/// for some microseconds only.
const SLICE: u32 = 256;

struct Running {
    slot: Cell<Option<&'static Slot>>,
    schedule: Cell<Option<Scheduled>>,
    /// Whose turn it is, or for whom this thread works; or nobody.
    pid: Cell<Pid>,
    /// Reductions of this turn.
    spent: Cell<u32>,
    /// From here on its scheduler is asked whether it should give way: `SLICE`, or 0 in a
    /// simulation, where it may be preempted at any await.
    asks_from: Cell<u32>,
    /// This thread works for the process in `pid` without having its turn: sends of a dead process
    /// are suppressed.
    on_behalf: Cell<bool>,
    /// Of that process: whether its children are below.
    children_below: Cell<bool>,
}

thread_local! {
    static RUNNING: Running = const {
        Running {
            slot: Cell::new(None),
            schedule: Cell::new(None),
            pid: Cell::new(Pid::NOBODY),
            spent: Cell::new(0),
            asks_from: Cell::new(SLICE),
            on_behalf: Cell::new(false),
            children_below: Cell::new(false),
        }
    };
}

/// The process that has its turn on this thread.
#[derive(Clone, Copy)]
pub(crate) struct Current {
    slot: &'static Slot,
}

/// The process that runs here, if one does.
#[inline]
pub(crate) fn current() -> Option<Current> {
    RUNNING.with(|running| running.slot.get()).map(|slot| Current { slot })
}

/// Its pid, or the pid of the process that this thread works for.
#[inline]
pub(crate) fn current_pid() -> Option<Pid> {
    let pid = RUNNING.with(|running| running.pid.get());
    (pid != Pid::NOBODY).then_some(pid)
}

/// Charges the running process for work.
#[inline]
pub(crate) fn spend(reductions: u32) {
    RUNNING.with(|running| running.spent.set(running.spent.get().wrapping_add(reductions)));
}

/// Lets the running process give way at its next await.
pub(crate) fn spend_slice() {
    spend(SLICE);
}

/// Whether the running process has used its time slice up.
#[inline]
pub(crate) fn slice_is_used_up() -> bool {
    RUNNING.with(|running| running.spent.get() >= SLICE)
}

/// Whether the running process should give way at its next await; in a simulation by chance, too.
#[inline]
pub(crate) fn slice_is_spent() -> bool {
    RUNNING.with(|running| running.spent.get() >= running.asks_from.get() && running.gives_way())
}

/// Says whether this thread runs a simulation from now on.
pub(crate) fn set_simulated(simulated: bool) {
    RUNNING.with(|running| running.asks_from.set(if simulated { 0 } else { SLICE }));
}

impl Current {
    /// Calls `f` with the process' own part. No user code may run inside: it could come back here.
    #[inline]
    pub(crate) fn with<R>(self, f: impl FnOnce(&mut Own) -> R) -> R {
        f(&mut self.slot.own().borrow_mut())
    }

    #[inline]
    pub(crate) fn slot(self) -> &'static Slot {
        self.slot
    }

    #[inline]
    #[expect(clippy::unused_self, reason = "only where a process runs")]
    pub(crate) fn pid(self) -> Pid {
        RUNNING.with(|running| running.pid.get())
    }

    /// The number of its pid.
    #[inline]
    pub(crate) fn key(self) -> u64 {
        self.pid().key()
    }

    /// Who runs this process.
    #[expect(clippy::unused_self, reason = "only where a process runs")]
    pub(crate) fn schedule(self) -> Option<Scheduled> {
        RUNNING.with(|running| running.schedule.get())
    }
}

/// Makes `slot` the running process until the guard is dropped (C1).
#[inline]
pub(super) fn enter(slot: &'static Slot, schedule: Scheduled) -> Entered {
    RUNNING.with(|running| {
        running.slot.set(Some(slot));
        running.schedule.set(Some(schedule));
        running.pid.set(slot.pid());
        running.spent.set(0);
        Entered { schedule }
    })
}

/// Whether a process runs here, so that another one may only be entered after [`set_aside`].
#[inline]
pub(super) fn is_entered() -> bool {
    RUNNING.with(|running| running.slot.get().is_some())
}

/// Until the guard is dropped, nobody is who runs here now.
pub(super) fn set_aside() -> Restored {
    RUNNING.with(|running| {
        let before = running.save();
        running.slot.set(None);
        Restored { before }
    })
}

/// The slot is about to be another's: what runs until the guard of [`enter`] is dropped runs in no
/// process, though for the pid of the one that has ended.
#[inline]
pub(super) fn leave() {
    RUNNING.with(|running| running.slot.set(None));
}

/// A process runs until this is dropped. Then nobody does.
#[must_use]
pub(super) struct Entered {
    schedule: Scheduled,
}

/// Restores who ran before.
#[must_use]
pub(crate) struct Restored {
    before: Before,
}

struct Before {
    slot: Option<&'static Slot>,
    schedule: Option<Scheduled>,
    pid: Pid,
    on_behalf: bool,
    children_below: bool,
}

impl Running {
    #[cold]
    fn gives_way(&self) -> bool {
        self.spent.get() >= SLICE || self.schedule.get().is_some_and(|schedule| schedule.preempts())
    }

    #[cold]
    fn save(&self) -> Before {
        Before {
            slot: self.slot.get(),
            schedule: self.schedule.get(),
            pid: self.pid.get(),
            on_behalf: self.on_behalf.get(),
            children_below: self.children_below.get(),
        }
    }

    #[cold]
    fn restore(&self, before: &Before) {
        self.slot.set(before.slot);
        self.schedule.set(before.schedule);
        self.pid.set(before.pid);
        self.on_behalf.set(before.on_behalf);
        self.children_below.set(before.children_below);
    }
}

impl Entered {
    /// The reductions since the process was entered.
    #[expect(clippy::unused_self, reason = "only who entered may ask")]
    #[inline]
    pub(super) fn spent(&self) -> u32 {
        RUNNING.with(|running| running.spent.get())
    }

    /// Who runs it.
    pub(super) fn schedule(&self) -> Scheduled {
        self.schedule
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        RUNNING.with(|running| {
            running.slot.set(None);
            running.pid.set(Pid::NOBODY);
        });
    }
}

impl Drop for Restored {
    fn drop(&mut self) {
        RUNNING.with(|running| running.restore(&self.before));
    }
}

/// Lets this thread work for `pid`, which has its turn elsewhere or waits: `pid()` answers, and
/// what is sent is dropped once the process has ended. Whom the thread spawns is `below` if the
/// children of the process are.
pub(crate) fn on_behalf_of(pid: Pid, below: bool) -> Restored {
    RUNNING.with(|running| {
        let before = running.save();
        running.slot.set(None);
        running.pid.set(pid);
        running.on_behalf.set(true);
        running.children_below.set(below);
        Restored { before }
    })
}

/// Whether who is spawned here is below a process that stops its children.
pub(crate) fn are_children_below() -> bool {
    match current() {
        Some(current) => current.with(|own| own.are_children_below()),
        None => is_on_behalf() && RUNNING.with(|running| running.children_below.get()),
    }
}

/// Whether what this thread sends is to be dropped, because it works for a process that has ended.
#[inline]
pub(crate) fn suppressed() -> bool {
    is_on_behalf() && is_gone(current_pid())
}

/// Whether this thread works for a process without having its turn.
#[inline]
pub(super) fn is_on_behalf() -> bool {
    RUNNING.with(|running| running.on_behalf.get())
}

#[cold]
fn is_gone(pid: Option<Pid>) -> bool {
    !pid.is_some_and(super::deliver::exists)
}

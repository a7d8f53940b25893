//! The process that runs on this thread.
//!
//! - C1: `slot` is set exactly while this thread has the turn of that process, from before its body
//!   is polled or dropped until after.

use std::cell::Cell;

use super::own::Own;
use super::slot::{Schedule, Slot};
use crate::term::Pid;

/// What a process may do in one turn, in reductions (one for a receive, a send, a spawn, a poll).
/// Large enough that the change of processes does not show, small enough that everybody else waits
/// for some microseconds only.
const SLICE: u32 = 256;

struct Running {
    slot: Cell<Option<&'static Slot>>,
    schedule: Cell<Option<&'static dyn Schedule>>,
    pid: Cell<Option<Pid>>,
    /// The schedule may want it preempted at any await.
    simulated: Cell<bool>,
    /// Reductions of this turn.
    spent: Cell<u32>,
    /// This thread works for the process in `pid` without having its turn: sends of a dead process
    /// are suppressed.
    on_behalf: Cell<bool>,
}

thread_local! {
    static RUNNING: Running = const {
        Running {
            slot: Cell::new(None),
            schedule: Cell::new(None),
            pid: Cell::new(None),
            simulated: Cell::new(false),
            spent: Cell::new(0),
            on_behalf: Cell::new(false),
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
    RUNNING.with(|running| running.pid.get())
}

/// Charges the running process for work.
#[inline]
pub(crate) fn spend(reductions: u32) {
    RUNNING.with(|running| running.spent.set(running.spent.get().saturating_add(reductions)));
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
    RUNNING.with(|running| {
        running.spent.get() >= SLICE
            || (running.simulated.get() && running.schedule.get().is_some_and(|s| s.preempts()))
    })
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
    pub(crate) fn pid(self) -> Pid {
        current_pid().unwrap_or(Pid::NOBODY)
    }

    /// Who runs this process.
    pub(crate) fn schedule(self) -> Option<&'static dyn Schedule> {
        RUNNING.with(|running| running.schedule.get())
    }
}

/// Makes `slot` the running process until the guard is dropped (C1).
pub(super) fn enter(slot: &'static Slot, pid: Pid, schedule: &'static dyn Schedule) -> Entered {
    RUNNING.with(|running| {
        running.spent.set(0);
        running.simulated.set(schedule.is_simulated());
        Entered {
            slot: running.slot.replace(Some(slot)),
            schedule: running.schedule.replace(Some(schedule)),
            pid: running.pid.replace(Some(pid)),
            on_behalf: running.on_behalf.replace(false),
        }
    })
}

/// Restores who ran before.
pub(crate) struct Entered {
    slot: Option<&'static Slot>,
    schedule: Option<&'static dyn Schedule>,
    pid: Option<Pid>,
    on_behalf: bool,
}

impl Entered {
    /// The reductions since the process was entered.
    #[expect(clippy::unused_self, reason = "only who entered may ask")]
    pub(super) fn spent(&self) -> u32 {
        RUNNING.with(|running| running.spent.get())
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        RUNNING.with(|running| {
            running.slot.set(self.slot);
            running.schedule.set(self.schedule);
            running.pid.set(self.pid);
            running.on_behalf.set(self.on_behalf);
        });
    }
}

/// Lets this thread work for `pid`, which has its turn elsewhere or waits: `pid()` answers, and what
/// is sent is dropped once the process has ended.
pub(crate) fn on_behalf_of(pid: Pid) -> Entered {
    RUNNING.with(|running| Entered {
        slot: running.slot.replace(None),
        schedule: running.schedule.replace(None),
        pid: running.pid.replace(Some(pid)),
        on_behalf: running.on_behalf.replace(true),
    })
}

/// Whether what this thread sends is to be dropped, because it works for a process that has ended.
#[inline]
pub(crate) fn suppressed() -> bool {
    RUNNING.with(|running| running.on_behalf.get())
        && !current_pid().is_some_and(super::deliver::exists)
}

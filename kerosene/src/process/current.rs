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
    /// Whose turn it is, or for whom this thread works; or nobody.
    pid: Cell<Pid>,
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
            pid: Cell::new(Pid::NOBODY),
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
    let pid = RUNNING.with(|running| running.pid.get());
    (pid != Pid::NOBODY).then_some(pid)
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
            || (running.simulated.get() && running.schedule.get().is_some_and(Schedule::preempts))
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
    #[expect(clippy::unused_self, reason = "only where a process runs")]
    pub(crate) fn pid(self) -> Pid {
        RUNNING.with(|running| running.pid.get())
    }

    /// Who runs this process.
    #[expect(clippy::unused_self, reason = "only where a process runs")]
    pub(crate) fn schedule(self) -> Option<&'static dyn Schedule> {
        RUNNING.with(|running| running.schedule.get())
    }
}

/// Makes `slot` the running process until the guard is dropped (C1).
#[inline]
pub(super) fn enter(slot: &'static Slot, pid: Pid, schedule: &'static dyn Schedule) -> Entered {
    RUNNING.with(|running| {
        let before = running.slot.get().is_some().then(|| Box::new(running.save()));
        running.slot.set(Some(slot));
        running.schedule.set(Some(schedule));
        running.pid.set(pid);
        running.simulated.set(schedule.is_simulated());
        running.spent.set(0);
        Entered { before }
    })
}

/// Restores who ran before: mostly nobody.
#[must_use]
pub(crate) struct Entered {
    before: Option<Box<Before>>,
}

struct Before {
    slot: Option<&'static Slot>,
    schedule: Option<&'static dyn Schedule>,
    pid: Pid,
    on_behalf: bool,
}

impl Running {
    #[cold]
    fn save(&self) -> Before {
        Before {
            slot: self.slot.get(),
            schedule: self.schedule.get(),
            pid: self.pid.get(),
            on_behalf: self.on_behalf.get(),
        }
    }

    #[cold]
    fn restore(&self, before: &Before) {
        self.slot.set(before.slot);
        self.schedule.set(before.schedule);
        self.pid.set(before.pid);
        self.on_behalf.set(before.on_behalf);
    }
}

impl Entered {
    /// The reductions since the process was entered.
    #[expect(clippy::unused_self, reason = "only who entered may ask")]
    #[inline]
    pub(super) fn spent(&self) -> u32 {
        RUNNING.with(|running| running.spent.get())
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        RUNNING.with(|running| match &self.before {
            None => {
                running.slot.set(None);
                running.pid.set(Pid::NOBODY);
            }
            Some(before) => running.restore(before),
        });
    }
}

/// Lets this thread work for `pid`, which has its turn elsewhere or waits: `pid()` answers, and
/// what is sent is dropped once the process has ended.
pub(crate) fn on_behalf_of(pid: Pid) -> Entered {
    RUNNING.with(|running| {
        let before = Some(Box::new(running.save()));
        running.slot.set(None);
        running.pid.set(pid);
        running.on_behalf.set(true);
        Entered { before }
    })
}

/// Whether what this thread sends is to be dropped, because it works for a process that has ended.
#[inline]
pub(crate) fn suppressed() -> bool {
    RUNNING.with(|running| running.on_behalf.get()) && is_gone(current_pid())
}

#[cold]
fn is_gone(pid: Option<Pid>) -> bool {
    !pid.is_some_and(super::deliver::exists)
}

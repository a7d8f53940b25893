//! What the schedulers of one runtime share.
//!
//! A `Schedulers` lives for ever and is used again by a later runtime: whoever has seen a process
//! may still enqueue it, at any time, from any thread, without counting references.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use crossbeam_deque::Injector;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::idle::Idle;
use super::lane::Lanes;
use super::seeded::Seeded;
use super::timers::{Shard, Timers};
use super::told::{AtomicTold, Told};
use super::worker;
use crate::process::{
    EndedBy, Own, Schedule, Scheduled, Shared, Slot, Spawn, Table, TimerKey, TimersAt, send_exit,
    table_here,
};
use crate::term::{ExitReason, Pid};

/// The common part of a runtime's schedulers.
pub(crate) struct Schedulers {
    /// Processes woken from outside the schedulers.
    pub(super) injector: Injector<&'static Slot>,
    pub(super) idle: Idle,
    pub(super) lanes: RwLock<Lanes>,
    /// The run queue of a simulation, in place of all others.
    pub(super) seeded: Option<Seeded>,
    pub(super) timers: &'static Timers,
    /// Who has been told to shut down; new processes are told accordingly.
    pub(super) told: AtomicTold,
    /// The schedulers shall return.
    pub(super) halted: AtomicBool,
    /// Somebody has asked the runtime to stop.
    pub(super) stop_requested: Notify,
    /// While stopping: a process has ended. Else: the first one has.
    pub(super) process_ended: Notify,
    first: AtomicU64,
    first_end: Mutex<Option<(ExitReason, EndedBy)>>,
    spawned_outside: AtomicUsize,
    /// The schedulers whose processes are pinned to a thread of their own, and whose they are.
    pub(super) pinned: Mutex<Option<&'static Schedulers>>,
    home: Mutex<Option<&'static Schedulers>>,
    /// Whether there is something in `home`: each spawn asks.
    has_home: AtomicBool,
    /// Itself, as its processes know it.
    as_schedule: OnceLock<&'static dyn Schedule>,
}

/// Those that are not in use, to be used again.
static AT_REST: Mutex<Vec<&'static Schedulers>> = Mutex::new(Vec::new());

thread_local! {
    /// The runtime that this thread works for.
    static HERE: Cell<Option<&'static Schedulers>> = const { Cell::new(None) };
}

/// The runtime of the code on this thread.
#[inline]
pub(crate) fn schedulers_here() -> Option<&'static Schedulers> {
    HERE.get()
}

/// Says which runtime this thread works for; returns what was said before.
pub(super) fn set_here(schedulers: Option<&'static Schedulers>) -> Option<&'static Schedulers> {
    HERE.replace(schedulers)
}

/// No first process. Generation 0 is never used.
const NOT_FIRST: u64 = 0;

impl Schedulers {
    /// Schedulers for a runtime, or those of a simulation with this seed.
    pub(super) fn take(lanes: Lanes, seed: Option<u64>) -> &'static Self {
        let mut at_rest = lock(&AT_REST);
        let same_kind = |s: &&Self| s.seeded.is_some() == seed.is_some();
        let schedulers = match at_rest.iter().position(same_kind) {
            Some(index) => at_rest.swap_remove(index),
            None => Box::leak(Box::new(Self::new(lanes.len(), seed))),
        };
        drop(at_rest);
        if let (Some(seeded), Some(seed)) = (&schedulers.seeded, seed) {
            seeded.reset(seed);
        }
        schedulers.idle.reset();
        consume_permit(&schedulers.stop_requested);
        consume_permit(&schedulers.process_ended);
        *schedulers.lanes.write().unwrap_or_else(PoisonError::into_inner) = lanes;
        schedulers.told.set(Told::Nobody);
        // Release pairs with the acquire loads of the flag by the new schedulers.
        schedulers.halted.store(false, Ordering::Release);
        schedulers
    }

    fn new(lanes: usize, seed: Option<u64>) -> Self {
        Self {
            injector: Injector::new(),
            idle: Idle::new(),
            lanes: RwLock::new(Arc::new([])),
            seeded: seed.map(Seeded::new),
            timers: Timers::leaked(lanes),
            told: AtomicTold::default(),
            halted: AtomicBool::new(false),
            stop_requested: Notify::new(),
            process_ended: Notify::new(),
            first: AtomicU64::new(NOT_FIRST),
            first_end: Mutex::new(None),
            spawned_outside: AtomicUsize::new(0),
            pinned: Mutex::new(None),
            home: Mutex::new(None),
            has_home: AtomicBool::new(false),
            as_schedule: OnceLock::new(),
        }
    }

    /// The runtime has stopped, and all its processes have ended: may be used again.
    pub(super) fn give_back(&'static self) {
        self.timers.clear();
        while !self.injector.steal().is_empty() {}
        // Relaxed: nobody else uses this any more; the lock below publishes it.
        self.first.store(NOT_FIRST, Ordering::Relaxed);
        self.spawned_outside.store(0, Ordering::Relaxed);
        self.has_home.store(false, Ordering::Relaxed);
        *lock(&self.first_end) = None;
        *lock(&self.pinned) = None;
        *lock(&self.home) = None;
        lock(&AT_REST).push(self);
    }

    /// Starts a process. `furnish` runs before the process can.
    pub(crate) fn spawn(&'static self, spawn: Spawn, furnish: impl FnOnce(Pid, &mut Own)) -> Pid {
        let slot = self.table().take_slot();
        let pid = slot.move_in(spawn, furnish);
        // Counted before it can end.
        if !worker::start_here(self, slot) {
            // Relaxed: a count.
            self.spawned_outside.fetch_add(1, Ordering::Relaxed);
            slot.start(self.as_schedule());
            self.enqueue(slot);
        }
        // Either the new process is seen by who tells those that there are, or it is told here, or
        // both: the lock of the slot orders `start` and the look of who tells.
        let told = self.told.get();
        if told != Told::Nobody && slot.with_tenant(pid, |new| told.includes(new)) == Some(true) {
            send_exit(pid, Pid::NOBODY, ExitReason::Shutdown);
        }
        pid
    }

    /// Itself, as its processes know it.
    #[inline]
    pub(super) fn as_schedule(&'static self) -> Scheduled {
        self.as_schedule.get_or_init(|| self)
    }

    #[expect(clippy::unused_self, reason = "a runtime may have a table of its own one day")]
    fn table(&self) -> &'static Table {
        table_here()
    }

    /// How many processes there are: exact when nothing happens at the same time.
    pub(crate) fn process_count(&self) -> usize {
        let lanes = self.lanes();
        // Relaxed: a count.
        let outside = self.spawned_outside.load(Ordering::Relaxed) as u64;
        let ended: u64 = lanes.iter().map(|lane| lane.ended.get()).sum();
        let spawned = lanes.iter().fold(outside, |sum, lane| sum.wrapping_add(lane.spawned.get()));
        let count = usize::try_from(spawned.saturating_sub(ended)).unwrap_or(usize::MAX);
        let pinned = *lock(&self.pinned);
        count + pinned.map_or(0, Self::process_count)
    }

    /// The pids of the processes, in the order of the table.
    pub(crate) fn processes(&'static self) -> Vec<Pid> {
        self.processes_that(|_| true)
    }

    /// The same, of those for which `f` says yes.
    pub(super) fn processes_that(&'static self, f: impl Fn(&Shared) -> bool) -> Vec<Pid> {
        let pinned = *lock(&self.pinned);
        let is_mine = |schedule: Scheduled| {
            std::ptr::addr_eq(*schedule, self)
                || pinned.is_some_and(|pinned| std::ptr::addr_eq(*schedule, pinned))
        };
        let pid_of = |slot: &Slot| {
            slot.with_shared(|shared| {
                let mine = shared.state.is_live() && shared.schedule.is_some_and(is_mine);
                (mine && f(shared)).then(|| slot.pid())
            })
        };
        self.table().slots().filter_map(pid_of).collect()
    }

    /// Says which process is the first: the runtime stops when it ends.
    pub(super) fn set_first(&self, pid: Pid) {
        // Release pairs with the acquire load in `ended`.
        self.first.store(pid.key(), Ordering::Release);
    }

    /// Why the first process ended, and by what, once it has.
    pub(super) fn first_end(&self) -> Option<(ExitReason, EndedBy)> {
        lock(&self.first_end).clone()
    }

    /// Asks the runtime to stop.
    pub(crate) fn request_stop(&'static self) {
        self.home().stop_requested.notify_one();
    }

    /// Says who is told from here on, among new processes.
    pub(super) fn set_told(&self, told: Told) {
        self.told.set(told);
        // Pinned schedulers that start later copy it, under this lock.
        if let Some(pinned) = *lock(&self.pinned) {
            pinned.set_told(told);
        }
    }

    /// The schedulers of the runtime, for one that only has its pinned processes.
    pub(crate) fn home(&'static self) -> &'static Self {
        // Acquire pairs with the release store in `set_home`.
        let has_home = self.has_home.load(Ordering::Acquire);
        if has_home { lock(&self.home).unwrap_or(self) } else { self }
    }

    pub(super) fn set_home(&self, home: &'static Self) {
        *lock(&self.home) = Some(home);
        // Release pairs with the acquire load in `home`.
        self.has_home.store(true, Ordering::Release);
    }

    pub(super) fn lanes(&self) -> Lanes {
        Arc::clone(&self.lanes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The timers of the scheduler that runs here, or those of threads that are none.
    #[inline]
    pub(crate) fn timers_here(&'static self) -> &'static Shard {
        self.timers.shard(worker::id_here(self))
    }

    /// Wakes the scheduler that `Idle` has chosen.
    #[inline]
    pub(super) fn wake(&self, id: Option<usize>) {
        if let Some(id) = id
            && let Some(lane) = self.lanes().get(id)
        {
            lane.wake();
        }
    }

    /// Queues a process from outside the schedulers.
    pub(super) fn inject(&'static self, slot: &'static Slot) {
        self.injector.push(slot);
        self.wake(self.idle.work_queued());
    }
}

impl Schedule for Schedulers {
    #[inline]
    fn enqueue(&'static self, slot: &'static Slot) {
        // A simulation has no schedulers that could be here.
        if worker::push_here(self, slot) {
            return;
        }
        match &self.seeded {
            Some(seeded) => seeded.push(slot),
            None => self.inject(slot),
        }
    }

    fn forget_timers(&self, pid: Pid, at: TimersAt) {
        super::timers::forget_pid(pid, at);
    }

    fn arm(&'static self, deadline: Instant, pid: Pid) -> TimerKey {
        self.timers_here().wake_at(deadline, pid)
    }

    fn disarm(&'static self, key: TimerKey) {
        super::timers::forget(key);
    }

    fn ended(&'static self, pid: Pid, reason: &ExitReason, by: EndedBy) {
        if !worker::with_lane(self, |lane| lane.ended.increment()) {
            // A simulation has no lanes. Relaxed: a count.
            self.spawned_outside.fetch_sub(1, Ordering::Relaxed);
        }
        // Acquire pairs with the release store in `set_first`.
        let is_first = self.first.load(Ordering::Acquire) == pid.key();
        if is_first {
            *lock(&self.first_end) = Some((reason.clone(), by));
        }
        if is_first || self.told.get() != Told::Nobody {
            self.process_ended.notify_one();
            self.home().process_ended.notify_one();
        }
    }

    fn timer_shard(&self) -> u32 {
        self.timers.shard(None).number()
    }

    fn preempts(&self) -> bool {
        self.seeded.as_ref().is_some_and(Seeded::preempts)
    }
}

/// A notice that came too late for the runtime before is not for the next one.
fn consume_permit(notify: &Notify) {
    let mut notified = std::pin::pin!(notify.notified());
    notified.as_mut().enable();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Schedulers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schedulers").finish_non_exhaustive()
    }
}

//! One scheduler: a tokio task that runs processes.
//!
//! A turn of the task runs some processes and then lets tokio have the thread, so that sockets,
//! timers and other tasks move. The next process comes from, in this order:
//! - `next`, the process woken last, whose data is in the cache, but not too often in a row, so
//!   that a pair of processes that keep waking each other starves nobody;
//! - now and then the injector, so that what is woken from outside waits for nobody's queue;
//! - the scheduler's own queue, first in, first out;
//! - the injector, and the queues of the other schedulers, half of one at a time.
//!
//! While a turn lasts, the scheduler lies in a thread-local, where the processes it runs find it:
//! what they wake goes to its queue without any lock.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use crossbeam_deque::{Steal, Worker as Deque};
use tokio::task::coop;
use tokio::time::Instant;

use super::clock::set_turn;
use super::lane::{Lane, Lanes};
use super::schedulers::{Schedulers, set_here};
use crate::process::{Ran, Scheduled, Slot, run};

/// Processes run in one turn: enough that tokio's share of the time does not show, few enough that
/// a socket waits for some microseconds only.
const TURN: usize = 64;

/// The injector is looked at before the queue once in this many looks, each of which follows at
/// most `NEXT_IN_A_ROW` runs.
const INJECTOR_RHYTHM: u32 = 7;

/// `next` is preferred to the queue at most this many times in a row.
const NEXT_IN_A_ROW: u32 = 8;

/// Rounds over the other queues before a scheduler goes to sleep.
const STEAL_ROUNDS: usize = 2;

/// One scheduler. Its parts are cells, as the processes that it runs come back to it.
#[derive(Debug)]
pub(super) struct Scheduler {
    schedulers: &'static Schedulers,
    /// The same, as its processes know it.
    schedule: Scheduled,
    /// Its own, which is in `lanes`, too.
    lane: Arc<Lane>,
    lanes: Lanes,
    id: usize,
    deque: Deque<&'static Slot>,
    next_in_a_row: Cell<u32>,
    /// Looks for a process other than `next`.
    looks: Cell<u32>,
    /// On the list of sleepers, as far as this scheduler knows.
    asleep: Cell<bool>,
    searching: Cell<bool>,
    /// How long it looks for work before it sleeps.
    busy_wait: Duration,
    /// Since when it has found none, and after how many turns of processes that was.
    idle: Cell<Option<(u64, std::time::Instant)>>,
}

/// The tokio task.
#[derive(Debug)]
pub(super) struct Turns(Option<Box<Scheduler>>);

thread_local! {
    /// The scheduler whose turn lasts on this thread. Taken out at the end of the turn; the wrapper
    /// keeps the thread-local free of a destructor, which would make each access slower.
    static HERE: RefCell<Option<ManuallyDrop<Box<Scheduler>>>> = const { RefCell::new(None) };
}

/// Calls `f` with the scheduler that runs on this thread, if it is one of `schedulers`.
#[inline]
fn with_here<R>(schedulers: &'static Schedulers, f: impl FnOnce(&Scheduler) -> R) -> Option<R> {
    HERE.with_borrow(|here| match here {
        Some(here) if std::ptr::eq(here.schedulers, schedulers) => Some(f(here)),
        _ => None,
    })
}

/// Queues a process at the scheduler that runs on this thread, if it is one of `schedulers`.
#[inline]
pub(super) fn push_here(schedulers: &'static Schedulers, slot: &'static Slot) -> bool {
    with_here(schedulers, |here| here.push(slot)).is_some()
}

/// Counts a process, starts it, and queues it at the scheduler that runs on this thread, if it is
/// one of `schedulers`.
#[inline]
pub(super) fn start_here(schedulers: &'static Schedulers, slot: &'static Slot) -> bool {
    let start = |here: &Scheduler| {
        here.lane.spawned.increment();
        slot.start(schedulers.as_schedule());
        here.push(slot);
    };
    with_here(schedulers, start).is_some()
}

/// Calls `f` with the lane of the scheduler that runs on this thread, if it is one of `schedulers`.
#[inline]
pub(super) fn with_lane(schedulers: &'static Schedulers, f: impl FnOnce(&Lane)) -> bool {
    with_here(schedulers, |here| f(&here.lane)).is_some()
}

/// The scheduler that runs on this thread, if it is one of `schedulers`.
#[inline]
pub(super) fn id_here(schedulers: &'static Schedulers) -> Option<usize> {
    with_here(schedulers, |here| here.id)
}

impl Turns {
    pub(super) fn new(
        schedulers: &'static Schedulers,
        lanes: Lanes,
        id: usize,
        deque: Deque<&'static Slot>,
        busy_wait: Duration,
    ) -> Self {
        Self(Some(Box::new(Scheduler {
            schedulers,
            schedule: schedulers.as_schedule(),
            lane: Arc::clone(&lanes[id]),
            lanes,
            id,
            deque,
            next_in_a_row: Cell::new(0),
            looks: Cell::new(0),
            asleep: Cell::new(false),
            searching: Cell::new(false),
            busy_wait,
            idle: Cell::new(None),
        })))
    }
}

impl Future for Turns {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(scheduler) = self.0.take() else {
            return Poll::Ready(());
        };
        let before = set_here(Some(scheduler.schedulers));
        let displaced = HERE.replace(Some(ManuallyDrop::new(scheduler)));
        debug_assert!(displaced.is_none(), "one scheduler at a time runs on a thread");
        set_turn(Some(Instant::now()));
        let after = HERE.with_borrow(|here| {
            let here = here.as_ref()?;
            let after = here.turn(cx);
            here.lane.running.set(None);
            Some(after)
        });
        set_turn(None);
        self.0 = HERE.take().map(ManuallyDrop::into_inner);
        set_here(before);
        match after {
            Some(After::Yield) => cx.waker().wake_by_ref(),
            // Unlike a wake, this lets tokio look at its sockets and timers at once.
            Some(After::LookAgain) => _ = pin!(tokio::task::yield_now()).poll(cx),
            Some(After::Sleep) => {}
            Some(After::Return) | None => return Poll::Ready(()),
        }
        Poll::Pending
    }
}

/// What follows a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Yield,
    LookAgain,
    Sleep,
    Return,
}

impl Scheduler {
    fn turn(&self, cx: &Context<'_>) -> After {
        self.wake_up();
        for _ in 0..TURN {
            // tokio counts the work of a task, and its sockets refuse when the count is used up.
            // All processes of a turn share the count of the scheduler's task; so that none suffers
            // for another, the turn ends when it is used up.
            if !coop::has_budget_remaining() {
                return After::Yield;
            }
            let Some(slot) = self.find() else {
                // Acquire pairs with the release store of who halts.
                if self.schedulers.halted.load(Ordering::Acquire) {
                    return After::Return;
                }
                if self.waits_busily() {
                    return After::LookAgain;
                }
                if self.sleep(cx) {
                    return After::Sleep;
                }
                continue;
            };
            self.run(slot);
        }
        After::Yield
    }

    #[inline]
    fn run(&self, slot: &'static Slot) {
        self.lane.running.set(Some(slot));
        self.lane.turns.increment();
        if self.searching.get() {
            self.stop_searching();
        }
        if run(slot, self.schedule) == Ran::Again {
            self.push_last(slot);
        }
    }

    /// It has found something; another may have to go on searching.
    #[cold]
    fn stop_searching(&self) {
        self.searching.set(false);
        let another = self.schedulers.idle.stop_searching(|| self.is_work());
        self.schedulers.wake(another);
    }

    /// Queues a process to run next. If another has to make room, others may take that one.
    #[inline]
    fn push(&self, slot: &'static Slot) {
        // Only this scheduler puts processes in.
        if let Some(displaced) = self.lane.next.replace_loosely(slot) {
            self.push_stealable(displaced);
        }
    }

    /// Queues a process behind all others.
    #[inline]
    fn push_last(&self, slot: &'static Slot) {
        // Alone it is the next one all the same. Nobody is woken for what this scheduler will do at
        // once.
        if self.lane.next.get().is_none() && self.deque.is_empty() {
            self.lane.next.set(Some(slot));
        } else {
            self.push_stealable(slot);
        }
    }

    #[inline(never)]
    fn push_stealable(&self, slot: &'static Slot) {
        self.deque.push(slot);
        self.schedulers.wake(self.schedulers.idle.work_queued());
    }

    /// The next process.
    #[inline]
    fn find(&self) -> Option<&'static Slot> {
        let in_a_row = self.next_in_a_row.get();
        if in_a_row < NEXT_IN_A_ROW
            && let Some(slot) = self.lane.next.take_loosely()
        {
            self.next_in_a_row.set(in_a_row + 1);
            return Some(slot);
        }
        self.find_elsewhere()
    }

    #[inline(never)]
    fn find_elsewhere(&self) -> Option<&'static Slot> {
        self.next_in_a_row.set(0);
        self.looks.set(self.looks.get().wrapping_add(1));
        if self.looks.get().is_multiple_of(INJECTOR_RHYTHM)
            && !self.schedulers.injector.is_empty()
            && let Steal::Success(slot) = self.schedulers.injector.steal()
        {
            return Some(slot);
        }
        self.deque.pop().or_else(|| self.lane.next.take_loosely()).or_else(|| self.steal())
    }

    #[cold]
    fn steal(&self) -> Option<&'static Slot> {
        for _ in 0..STEAL_ROUNDS {
            if let Some(slot) = repeat(|| self.schedulers.injector.steal_batch_and_pop(&self.deque))
            {
                return Some(slot);
            }
            let others = (1..self.lanes.len()).map(|n| (self.id + n) % self.lanes.len());
            for other in others {
                let stealer = &self.lanes[other].stealer;
                if let Some(slot) = repeat(|| stealer.steal_batch_and_pop(&self.deque)) {
                    return Some(slot);
                }
            }
        }
        None
    }

    /// A turn begins.
    fn wake_up(&self) {
        if self.asleep.take() {
            self.searching.set(self.schedulers.idle.rise(self.id));
        }
    }

    /// Whether work is so recent that more of it is waited for without sleeping.
    fn waits_busily(&self) -> bool {
        if self.busy_wait.is_zero() {
            return false;
        }
        let turns = self.lane.turns.get();
        // Not tokio's clock: that may stand still.
        let now = std::time::Instant::now();
        let since = match self.idle.get() {
            Some((then, since)) if then == turns => since,
            _ => now,
        };
        self.idle.set(Some((turns, since)));
        now.duration_since(since) < self.busy_wait
    }

    /// Goes to sleep, unless there is work after all.
    fn sleep(&self, cx: &Context<'_>) -> bool {
        self.lane.set_waker(cx.waker());
        self.schedulers.idle.sleep(self.id, self.searching.take());
        // Acquire pairs with the release store of who halts, and then wakes all.
        let is_work = self.is_work() || self.schedulers.halted.load(Ordering::Acquire);
        if is_work {
            self.searching.set(self.schedulers.idle.rise(self.id));
        }
        self.asleep.set(!is_work);
        !is_work
    }

    /// Whether there is something in a queue that any scheduler may take from.
    fn is_work(&self) -> bool {
        !self.schedulers.injector.is_empty()
            || self.lanes.iter().any(|lane| !lane.stealer.is_empty())
    }
}

/// Steals until the queue says yes or no.
fn repeat(mut steal: impl FnMut() -> Steal<&'static Slot>) -> Option<&'static Slot> {
    loop {
        match steal() {
            Steal::Success(slot) => return Some(slot),
            Steal::Empty => return None,
            Steal::Retry => std::hint::spin_loop(),
        }
    }
}

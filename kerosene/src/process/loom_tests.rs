//! Models of a process between the threads that send to it and the one that runs it.
//!
//! The slot, its lock, its state and the turn are the real ones; the run queue is modelled, and the
//! body receives like a `receive!` does. loom tries every order of the atomic operations, and
//! reports every access to what the lock guards that is not ordered by it.
//!
//! - W1: when nobody does anything any more, nothing is left in a mailbox: no wake was lost (T3).
//! - W2: a process is in the run queue once at most (T1), and runs on one thread at a time (T2).
//! - W3: what is sent to a process that ends is dropped with it or given back: exactly once.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize as Count, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use loom::sync::{Arc, Mutex};
use loom::thread;
use tokio::time::Instant;

use super::body::Birth;
use super::current::current;
use super::own::EndedBy;
use super::reception::receive_signals;
use super::run::{Ran, run};
use super::schedule::{Schedule, Scheduled, TimerKey, TimersAt};
use super::slot::{Slot, Spawn};
use crate::signal::{Control, Signal};
use crate::sync::lock::Lock;
use crate::term::{ExitReason, Pid};

/// A node without a table: what such a process sends to others finds nobody.
const NODE: u64 = 7;

/// The run queue. It outlives the model's iteration, as schedulers do.
struct Queue {
    slots: Mutex<VecDeque<&'static Slot>>,
    ended: Count,
    as_schedule: OnceLock<&'static dyn Schedule>,
}

impl Queue {
    fn leaked() -> &'static Self {
        Box::leak(Box::new(Self {
            slots: Mutex::new(VecDeque::new()),
            ended: Count::new(0),
            as_schedule: OnceLock::new(),
        }))
    }

    fn as_schedule(&'static self) -> Scheduled {
        self.as_schedule.get_or_init(|| self)
    }

    /// Gives one process its turn. `false`: there is none.
    fn turn(&'static self) -> bool {
        let slot = self.slots.lock().expect("no model panics with the lock").pop_front();
        if let Some(slot) = slot
            && run(slot, self.as_schedule()) == Ran::Again
        {
            self.enqueue(slot);
        }
        slot.is_some()
    }
}

impl Schedule for Queue {
    fn enqueue(&'static self, slot: &'static Slot) {
        let mut slots = self.slots.lock().expect("no model panics with the lock");
        slots.push_back(slot);
        assert_eq!(slots.len(), 1, "W2: queued twice");
    }

    fn forget_timers(&self, _: Pid, _: TimersAt) {}

    fn arm(&'static self, deadline: Instant, _: Pid) -> TimerKey {
        TimerKey { deadline, number: 0, shard: 0, index: 0 }
    }

    fn timer_shard(&self) -> u32 {
        0
    }

    fn disarm(&'static self, _: TimerKey) {}

    fn ended(&'static self, _: Pid, _: &ExitReason, _: EndedBy) {
        self.ended.fetch_add(1, Relaxed);
    }

    fn preempts(&self) -> bool {
        false
    }
}

/// Counts its drops.
struct Counted(std::sync::Arc<Count>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

fn spawn(queue: &'static Queue, body: impl Future<Output = ExitReason> + 'static) -> Process {
    let slot: &'static Slot = Box::leak(Box::new(Slot::new(Pid::new(NODE, 1, 1))));
    let process = Process { slot, pid: move_in(slot, body) };
    slot.start(queue.as_schedule());
    queue.enqueue(slot);
    process
}

fn move_in(slot: &'static Slot, body: impl Future<Output = ExitReason> + 'static) -> Pid {
    let birth = Birth::new(None, Location::caller(), Instant::now());
    let spawn = Spawn::new(birth, body);
    slot.move_in(spawn, |_, _| {})
}

#[derive(Clone, Copy)]
struct Process {
    slot: &'static Slot,
    pid: Pid,
}

impl Process {
    /// As `send` does; gives the value back if there is nobody.
    fn send<T: Send + 'static>(self, value: T) -> Result<(), T> {
        let at_once = self.slot.place_at_once(self.pid);
        match at_once.or_else(|| self.slot.place(self.pid)) {
            Some(place) => place.fill(value),
            None => return Err(value),
        }
        Ok(())
    }

    fn kill(self) -> Result<(), Signal> {
        let kill = Control::Exit { from: Pid::NOBODY, reason: ExitReason::Kill };
        self.slot.push(self.pid, kill.into())
    }
}

/// A body that takes every message, and waits for more as a `receive!` does.
struct TakeAll(std::sync::Arc<Count>);

impl Future for TakeAll {
    type Output = ExitReason;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<ExitReason> {
        let current = current().expect("a body is polled in its turn");
        loop {
            let taken = current.with(|own| {
                if own.received.fresh_is_empty() && current.slot().has_pending() {
                    drop(receive_signals(current.slot(), own, own.receiving));
                }
                own.receiving = 1;
                own.received.pop_fresh()
            });
            if taken.is_none() {
                return Poll::Pending;
            }
            self.0.fetch_add(1, Relaxed);
        }
    }
}

/// A body that waits for something else than messages: done, or who is to be woken.
type Event = Arc<Mutex<(bool, Option<Waker>)>>;

struct WaitFor(Event);

impl Future for WaitFor {
    type Output = ExitReason;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        let mut event = self.0.lock().expect("no model panics with the lock");
        if event.0 {
            return Poll::Ready(ExitReason::Normal);
        }
        event.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn happen(event: &Event) {
    let waker = {
        let mut event = event.lock().expect("no model panics with the lock");
        event.0 = true;
        event.1.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[test]
fn the_lock_gives_exclusive_access() {
    loom::model(|| {
        let lock = Arc::new(Lock::new(0));
        let other = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || (0..2).for_each(|_| lock.with(|n| *n += 1)))
        };
        lock.with(|n| {
            *n += 2;
            lock.set_hint(true);
        });
        other.join().expect("no panic");
        assert_eq!(lock.with(|n| *n), 4);
        assert!(lock.hint());
    });
}

#[test]
fn no_message_is_lost_between_a_send_and_the_end_of_a_turn() {
    loom::model(|| {
        let (queue, taken) = (Queue::leaked(), std::sync::Arc::new(Count::new(0)));
        let process = spawn(queue, TakeAll(std::sync::Arc::clone(&taken)));
        let sender = thread::spawn(move || {
            assert!(process.send(1_u8).is_ok());
            assert!(process.send(2_u8).is_ok());
        });
        let other = thread::spawn(move || assert!(process.send(3_u8).is_ok()));
        queue.turn();
        queue.turn();
        sender.join().expect("no panic");
        other.join().expect("no panic");
        while queue.turn() {}
        assert_eq!(taken.load(Relaxed), 3, "W1");
    });
}

#[test]
fn two_schedulers_never_run_one_process() {
    loom::model(|| {
        let (queue, taken) = (Queue::leaked(), std::sync::Arc::new(Count::new(0)));
        let process = spawn(queue, TakeAll(std::sync::Arc::clone(&taken)));
        let other_scheduler = thread::spawn(move || queue.turn());
        assert!(process.send(1_u8).is_ok());
        queue.turn();
        other_scheduler.join().expect("no panic");
        while queue.turn() {}
        assert_eq!(taken.load(Relaxed), 1, "W1");
    });
}

#[test]
fn an_entry_that_two_have_taken_is_run_by_one() {
    loom::model(|| {
        let (queue, taken) = (Queue::leaked(), std::sync::Arc::new(Count::new(0)));
        let process = spawn(queue, TakeAll(std::sync::Arc::clone(&taken)));
        while queue.turn() {}
        assert!(process.send(1_u8).is_ok());
        let stale = thread::spawn(move || {
            if run(process.slot, queue.as_schedule()) == Ran::Again {
                queue.enqueue(process.slot);
            }
        });
        queue.turn();
        assert!(process.send(2_u8).is_ok());
        queue.turn();
        stale.join().expect("no panic");
        while queue.turn() {}
        assert_eq!(taken.load(Relaxed), 2, "W1");
    });
}

#[test]
fn a_stale_entry_does_not_run_who_belongs_to_others() {
    loom::model(|| {
        let (queue, others) = (Queue::leaked(), Queue::leaked());
        let taken = std::sync::Arc::new(Count::new(0));
        let process = spawn(others, TakeAll(std::sync::Arc::clone(&taken)));
        assert!(process.send(1_u8).is_ok());
        assert_eq!(run(process.slot, queue.as_schedule()), Ran::Idle, "P2");
        assert_eq!(taken.load(Relaxed), 0, "P2");
        while others.turn() {}
        assert_eq!(taken.load(Relaxed), 1, "W1");
    });
}

#[test]
fn no_wake_is_lost_between_a_waker_and_the_end_of_a_turn() {
    loom::model(|| {
        let (queue, event) = (Queue::leaked(), Event::default());
        let process = spawn(queue, WaitFor(Arc::clone(&event)));
        let waking = thread::spawn(move || happen(&event));
        let sending = thread::spawn(move || process.send(1_u8).is_ok());
        queue.turn();
        waking.join().expect("no panic");
        let _ = sending.join().expect("no panic");
        while queue.turn() {}
        assert_eq!(queue.ended.load(Relaxed), 1, "W1");
    });
}

#[test]
fn a_control_signal_is_received_by_who_waits_for_something_else() {
    loom::model(|| {
        let queue = Queue::leaked();
        let process = spawn(queue, WaitFor(Event::default()));
        let sending = thread::spawn(move || {
            let _ = process.send(1_u8);
            assert!(process.kill().is_ok(), "nothing has ended it before");
        });
        queue.turn();
        sending.join().expect("no panic");
        while queue.turn() {}
        assert_eq!(queue.ended.load(Relaxed), 1, "W1");
    });
}

#[test]
fn a_signal_to_the_ending_is_dropped_with_it_or_given_back() {
    loom::model(|| {
        let (queue, dropped) = (Queue::leaked(), std::sync::Arc::new(Count::new(0)));
        let event = Event::default();
        let process = spawn(queue, WaitFor(Arc::clone(&event)));
        let counted = || Counted(std::sync::Arc::clone(&dropped));
        let (one, other) = (counted(), counted());
        let sending = thread::spawn(move || process.send(one).map_err(drop).is_err());
        let killing = thread::spawn(move || {
            let _ = process.send(other);
            process.kill().is_ok()
        });
        happen(&event);
        while queue.turn() {}
        let _ = sending.join().expect("no panic");
        let _ = killing.join().expect("no panic");
        while queue.turn() {}
        assert_eq!(queue.ended.load(Relaxed), 1, "an end is an end");
        assert_eq!(dropped.load(Relaxed), 2, "W3");
        assert!(process.send(()).is_err(), "W3: the dead are found by nobody");
    });
}

#[test]
fn closing_a_mailbox_returns_what_was_sent_in_time() {
    loom::model(|| {
        let queue = Queue::leaked();
        let process = spawn(queue, std::future::pending());
        let senders =
            [1_u8, 2].map(|n| thread::spawn(move || usize::from(process.send(n).is_err())));
        let closed = process.slot.close().queue.len();
        let next = move_in(process.slot, std::future::pending());
        let given_back: usize =
            senders.into_iter().map(|sender| sender.join().expect("no panic")).sum();
        let for_next = process.slot.close().queue.len();
        assert_ne!(process.pid, next);
        assert_eq!((closed + given_back, for_next), (2, 0), "W3");
    });
}

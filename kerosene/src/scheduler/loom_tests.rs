//! Models of the sleep of schedulers: work that is queued is never left with everybody asleep (I1).
//!
//! [`Idle`] is the real one. The queue is modelled by a counter with orderings as weak as a queue's
//! may be, the schedulers by threads that do what `worker` does around the queue: find, stop
//! searching, sleep, look again, rise. Waking is a notice that a thread waits for, as tokio's
//! wakers are. Whoever does the last of the work halts the schedulers; so if work is forgotten all
//! threads wait for ever, and loom reports it.

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::sync::{Arc, Notify};
use loom::thread;

use super::idle::Idle;

struct Model {
    idle: Idle,
    queued: AtomicUsize,
    left: AtomicUsize,
    halted: AtomicBool,
    wakers: Vec<Notify>,
}

impl Model {
    fn new(schedulers: usize, work: usize) -> Arc<Self> {
        Arc::new(Self {
            idle: Idle::new(),
            queued: AtomicUsize::new(0),
            left: AtomicUsize::new(work),
            halted: AtomicBool::new(false),
            wakers: (0..schedulers).map(|_| Notify::new()).collect(),
        })
    }

    fn wake(&self, id: Option<usize>) {
        if let Some(id) = id {
            self.wakers[id].notify();
        }
    }

    /// As a push into the injector.
    fn queue(&self) {
        self.queued.fetch_add(1, Ordering::Release);
        self.wake(self.idle.work_queued());
    }

    /// As a steal.
    fn take(&self) -> bool {
        let take = |queued: usize| queued.checked_sub(1);
        self.queued.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).is_ok()
    }

    /// As `Schedulers::halt`.
    fn halt(&self) {
        self.halted.store(true, Ordering::Release);
        self.idle.take_all().into_iter().for_each(|id| self.wake(Some(id)));
    }

    /// As the turns of a scheduler. `work` is done with each piece of work found.
    fn schedule(&self, id: usize, work: impl Fn(&Self)) {
        let mut is_searching = false;
        loop {
            if self.take() {
                if std::mem::take(&mut is_searching) {
                    let is_more = || self.queued.load(Ordering::Acquire) > 0;
                    self.wake(self.idle.stop_searching(is_more));
                }
                work(self);
                if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                    self.halt();
                }
                continue;
            }
            if self.halted.load(Ordering::Acquire) {
                return;
            }
            self.idle.sleep(id, std::mem::take(&mut is_searching));
            let is_work =
                self.queued.load(Ordering::Acquire) > 0 || self.halted.load(Ordering::Acquire);
            if !is_work {
                self.wakers[id].wait();
            }
            is_searching = self.idle.rise(id);
        }
    }
}

#[test]
fn work_from_outside_wakes_a_sleeper() {
    loom::model(|| {
        let model = Model::new(1, 1);
        let outside = {
            let model = Arc::clone(&model);
            thread::spawn(move || model.queue())
        };
        model.schedule(0, |_| {});
        outside.join().expect("no panic");
    });
}

#[test]
fn work_is_done_while_all_are_falling_asleep() {
    loom::model(|| {
        let model = Model::new(2, 1);
        let schedulers = [0, 1].map(|id| {
            let model = Arc::clone(&model);
            thread::spawn(move || model.schedule(id, |_| {}))
        });
        model.queue();
        for scheduler in schedulers {
            scheduler.join().expect("no panic");
        }
    });
}

#[test]
fn work_behind_a_long_poll_wakes_another() {
    let mut loom = loom::model::Builder::new();
    // One more preemption takes half an hour.
    loom.preemption_bound = Some(loom.preemption_bound.map_or(2, |bound| bound.min(2)));
    loom.check(|| {
        let model = Model::new(2, 2);
        let both_run = Arc::new((AtomicUsize::new(0), [Notify::new(), Notify::new()]));
        let schedulers = [0, 1].map(|id| {
            let (model, both_run) = (Arc::clone(&model), Arc::clone(&both_run));
            thread::spawn(move || {
                // Each piece of work lasts until the other runs, too.
                model.schedule(id, |_| {
                    let (running, wakers) = &*both_run;
                    let place = running.fetch_add(1, Ordering::AcqRel);
                    wakers[1 - place].notify();
                    while running.load(Ordering::Acquire) < 2 {
                        wakers[place].wait();
                    }
                });
            })
        });
        model.queue();
        model.queue();
        for scheduler in schedulers {
            scheduler.join().expect("no panic");
        }
    });
}

#[test]
fn work_that_makes_work_wakes_another() {
    const WORK: usize = 3;
    fn first_makes_the_others(model: &Model) {
        if model.left.load(Ordering::Acquire) == WORK {
            (1..WORK).for_each(|_| model.queue());
        }
    }
    loom::model(|| {
        let model = Model::new(2, WORK);
        let other = {
            let model = Arc::clone(&model);
            thread::spawn(move || model.schedule(1, first_makes_the_others))
        };
        model.queue();
        model.schedule(0, first_makes_the_others);
        other.join().expect("no panic");
    });
}

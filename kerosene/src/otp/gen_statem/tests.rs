//! The queue and the time-outs together, against a model that says the same in another way.
//!
//! The model is the picture in [`queue`](super::queue) taken at its word: one line of events, and a
//! mark; and a list of time-outs, which are looked through for the next one. It has no notes that
//! can be late, because what is cancelled is removed. Both live in a small world: messages arrive
//! at given times, handling an event takes time, and what it leads to is drawn from a seed.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;

use super::queue::Queue;
use super::timeouts::{Action, Clock, Elapsed, Kind, Timeouts};
use crate::Name;

type Event = u32;

/// How many events a run has at most; enough for all kinds of things to happen.
const EVENTS_MAX: Event = 300;

/// What handling an event leads to.
struct Reaction {
    takes: u64,
    is_changed: bool,
    is_postponed: bool,
    inserted: Vec<Event>,
    timeouts: Vec<(Kind, Wish)>,
}

#[derive(Clone, Copy)]
enum Wish {
    /// After so many milliseconds.
    Set(u64, Event),
    Never(Event),
    Update(Event),
    Cancel,
}

/// Draws reactions. Given the same events in the same order, it draws the same.
struct Script {
    random: Rng,
    last: Event,
}

impl Script {
    fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), last: 0 }
    }

    fn event(&mut self) -> Event {
        self.last += 1;
        self.last
    }

    /// The messages that arrive, in the order of their times.
    fn arrivals(&mut self) -> VecDeque<(u64, Event)> {
        let mut at = 0;
        let mut next = |script: &mut Self| {
            at += script.random.u64(..8);
            (at, script.event())
        };
        (0..40).map(|_| next(self)).collect()
    }

    fn reaction(&mut self) -> Reaction {
        let may_add = self.last < EVENTS_MAX;
        let inserted = if may_add && self.random.u8(..4) == 0 { self.random.u8(1..4) } else { 0 };
        let timeouts = if may_add { self.random.u8(..3) } else { 0 };
        Reaction {
            takes: self.random.u64(..4),
            is_changed: self.random.u8(..4) == 0,
            is_postponed: may_add && self.random.u8(..3) == 0,
            inserted: (0..inserted).map(|_| self.event()).collect(),
            timeouts: (0..timeouts).map(|_| self.wish()).collect(),
        }
    }

    fn wish(&mut self) -> (Kind, Wish) {
        let kind = match self.random.u8(..4) {
            0 => Kind::State,
            1 => Kind::Event,
            2 => Kind::Named(Name::from("a")),
            _ => Kind::Named(Name::from("b")),
        };
        let wish = match self.random.u8(..8) {
            0 => Wish::Cancel,
            1 => Wish::Update(self.event()),
            2 => Wish::Never(self.event()),
            3 | 4 => Wish::Set(0, self.event()),
            _ => Wish::Set(self.random.u64(1..12), self.event()),
        };
        (kind, wish)
    }
}

trait World {
    /// What is handled next, and when.
    fn next(&mut self) -> Option<(u64, Event)>;

    fn settle(&mut self, event: Event, reaction: Reaction);
}

/// Which events are handled, and when.
fn run(mut script: Script, world: &mut dyn World) -> Vec<(u64, Event)> {
    let mut handled = Vec::new();
    while let Some((at, event)) = world.next() {
        handled.push((at, event));
        world.settle(event, script.reaction());
        assert!(handled.len() < 100_000, "it comes to an end");
    }
    handled
}

struct Real {
    now: u64,
    arrivals: VecDeque<(u64, Event)>,
    queue: Queue<Event>,
    timeouts: Timeouts<Event, TestClock>,
}

enum Received {
    Event(Event),
    /// A note that means nothing any more.
    Stale,
    Nothing,
}

/// Timers in the order in which they were started. One that is over and was not received is in the
/// mailbox, where nobody can cancel it.
#[derive(Default)]
struct TestClock {
    now: u64,
    started: u64,
    timers: Vec<(u64, u64, Elapsed)>,
}

impl Clock for TestClock {
    type Timer = u64;

    fn start(&mut self, after: Duration, note: Elapsed) -> u64 {
        let after_ms = u64::try_from(after.as_millis()).expect("the times of the test are short");
        self.started += 1;
        self.timers.push((self.now + after_ms, self.started, note));
        self.started
    }

    fn cancel(&mut self, timer: u64) {
        let now = self.now;
        self.timers.retain(|(due, number, _)| *number != timer || *due <= now);
    }
}

impl Real {
    fn new(arrivals: VecDeque<(u64, Event)>) -> Self {
        let timeouts = Timeouts::new(TestClock::default());
        Self { now: 0, arrivals, queue: Queue::new(), timeouts }
    }

    /// Takes the next message, and says what event it is or brings, if any.
    fn receive(&mut self) -> Received {
        let timers = &mut self.timeouts.clock_mut().timers;
        timers.sort_unstable_by_key(|(due, number, _)| (*due, *number));
        let note_at = timers.first().map_or(u64::MAX, |(due, ..)| *due);
        let arrival_at = self.arrivals.front().map_or(u64::MAX, |(at, _)| *at);
        if note_at.min(arrival_at) == u64::MAX {
            return Received::Nothing;
        }
        self.now = self.now.max(note_at.min(arrival_at));
        let event = if note_at <= arrival_at {
            let (_, _, note) = timers.remove(0);
            self.timeouts.elapsed(&note)
        } else {
            self.arrivals.pop_front().map(|(_, event)| event)
        };
        event.map_or(Received::Stale, Received::Event)
    }
}

impl World for Real {
    fn next(&mut self) -> Option<(u64, Event)> {
        loop {
            if let Some(event) = self.queue.next().or_else(|| self.timeouts.take_due()) {
                return Some((self.now, event));
            }
            match self.receive() {
                Received::Event(event) => return Some((self.now, event)),
                Received::Stale => {}
                Received::Nothing => return None,
            }
        }
    }

    fn settle(&mut self, event: Event, reaction: Reaction) {
        self.timeouts.clock_mut().now = self.now;
        self.timeouts.cancel(&Kind::Event);
        self.now += reaction.takes;
        self.timeouts.clock_mut().now = self.now;
        let postponed = reaction.is_postponed.then_some(event);
        self.queue.settle(reaction.is_changed, postponed, reaction.inserted);
        if reaction.is_changed {
            self.timeouts.cancel(&Kind::State);
        }
        for (kind, wish) in reaction.timeouts {
            self.timeouts.apply(match wish {
                Wish::Set(after, event) => Action::Set(kind, Duration::from_millis(after), event),
                Wish::Never(event) => Action::Set(kind, Duration::MAX, event),
                Wish::Update(event) => Action::Update(kind, event),
                Wish::Cancel => Action::Cancel(kind),
            });
        }
    }
}

struct Model {
    now: u64,
    arrivals: VecDeque<(u64, Event)>,
    line: Vec<Event>,
    mark: usize,
    /// In the order in which they were set.
    timeouts: Vec<ModelTimeout>,
}

struct ModelTimeout {
    kind: Kind,
    /// `None` for one of no time.
    due: Option<u64>,
    event: Event,
}

impl Model {
    fn set(&mut self, kind: Kind, after: u64, event: Event) {
        self.timeouts.retain(|timeout| timeout.kind != kind);
        let due = (after > 0).then_some(self.now + after);
        self.timeouts.push(ModelTimeout { kind, due, event });
    }
}

impl World for Model {
    fn next(&mut self) -> Option<(u64, Event)> {
        if self.mark < self.line.len() {
            return Some((self.now, self.line.remove(self.mark)));
        }
        // `None` is less than any time, and of equals the first is taken.
        let first = self.timeouts.iter().enumerate().min_by_key(|(_, timeout)| timeout.due);
        let arrival = self.arrivals.front().map(|(at, _)| *at);
        let first = first.map(|(index, timeout)| (index, timeout.due.unwrap_or(0)));
        match (first, arrival) {
            (Some((index, due)), arrival) if arrival.is_none_or(|at| due <= at) => {
                self.now = self.now.max(due);
                Some((self.now, self.timeouts.remove(index).event))
            }
            _ => {
                let (at, event) = self.arrivals.pop_front()?;
                self.now = self.now.max(at);
                Some((self.now, event))
            }
        }
    }

    fn settle(&mut self, event: Event, reaction: Reaction) {
        self.timeouts.retain(|timeout| timeout.kind != Kind::Event);
        self.now += reaction.takes;
        if reaction.is_postponed {
            self.line.insert(self.mark, event);
            self.mark += 1;
        }
        if reaction.is_changed {
            self.mark = 0;
            self.timeouts.retain(|timeout| timeout.kind != Kind::State);
        }
        self.line.splice(self.mark..self.mark, reaction.inserted);
        for (kind, wish) in reaction.timeouts {
            match wish {
                Wish::Set(after, event) => self.set(kind, after, event),
                Wish::Never(_) | Wish::Cancel => {
                    self.timeouts.retain(|timeout| timeout.kind != kind);
                }
                Wish::Update(event) => {
                    match self.timeouts.iter_mut().find(|timeout| timeout.kind == kind) {
                        Some(timeout) => timeout.event = event,
                        None => self.set(kind, 0, event),
                    }
                }
            }
        }
    }
}

#[test]
fn queue_and_timeouts_agree_with_one_line_and_a_mark() {
    for seed in 0..1000 {
        let mut script = Script::new(seed);
        let arrivals = script.arrivals();
        let script = || Script { random: Rng::with_seed(seed + 1), last: 40 };
        let real = run(script(), &mut Real::new(arrivals.clone()));
        let (line, timeouts) = (Vec::new(), Vec::new());
        let model = run(script(), &mut Model { now: 0, arrivals, line, mark: 0, timeouts });
        let first = real.iter().zip(&model).position(|(one, other)| one != other);
        assert_eq!(
            first, None,
            "seed {seed}: handled differently at this step\n{real:?}\n{model:?}"
        );
        assert_eq!(real.len(), model.len(), "seed {seed}");
    }
}

//! The wheel against a sorted list, under random times, and its bounds.

use std::collections::BTreeMap;

use super::wheel::{Key, Wheel};

const MILLI: u64 = 1_000_000;
const HOUR: u64 = 3_600_000 * MILLI;

/// The wheel and a list that is sorted, which must say the same.
struct Both {
    wheel: Wheel<u64>,
    model: BTreeMap<(u64, u64), u32>,
    now: u64,
    last_number: u64,
    random: fastrand::Rng,
}

impl Both {
    fn new(seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        Self { wheel: Wheel::new(), model: BTreeMap::new(), now: 0, last_number: 0, random }
    }

    /// Mostly near, sometimes anywhere, often the same as another.
    fn delay(&mut self) -> u64 {
        match self.random.u32(0..8) {
            0 => 0,
            1 => self.random.u64(0..MILLI),
            2 => self.random.u64(0..20) * MILLI,
            3 => self.random.u64(0..200 * MILLI),
            4 => 5000 * MILLI,
            5 => self.random.u64(0..HOUR),
            6 => 1 << self.random.u32(0..63),
            _ => u64::MAX,
        }
    }

    fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn add(&mut self) {
        let (deadline, number) = (self.now.saturating_add(self.delay()), self.number());
        let index = self.wheel.add(deadline, number, |value| *value = number);
        self.model.insert((deadline, number), index);
    }

    fn remove(&mut self) {
        if self.model.is_empty() {
            return;
        }
        let at = self.random.usize(..self.model.len());
        let (&(deadline, number), &index) = self.model.iter().nth(at).expect("it is in the list");
        self.model.remove(&(deadline, number));
        assert_eq!(self.wheel.get(index).map(|node| node.value), Some(number));
        let node = self.wheel.remove(index);
        assert_eq!((node.deadline, node.number, node.value), (deadline, number, number));
        assert!(self.wheel.get(index).is_none());
    }

    /// Sleeps as one who sleeps would, or less, and takes what is due.
    fn sleep(&mut self) {
        let first = self.model.keys().next().map(|(deadline, _)| *deadline);
        let next = self.wheel.next(self.now);
        assert_eq!(next.is_some(), first.is_some());
        let (Some(first), Some(next)) = (first, next) else { return };
        assert!(next <= first, "{next} would be too late for {first}");
        if first < self.now.saturating_add(64 * MILLI) {
            assert_eq!(next, first, "what is near is known exactly");
        }
        let is_disturbed = self.random.u32(0..3) == 0 || next.saturating_sub(self.now) > 2 * HOUR;
        self.now =
            if is_disturbed { self.now + self.random.u64(..HOUR) } else { next }.max(self.now);
        self.take_due();
    }

    fn take_due(&mut self) {
        loop {
            let first = self.model.first_key_value().map(|(key, index)| (*key, *index));
            let due = first.filter(|((deadline, _), _)| *deadline <= self.now);
            let key = due.map(|((deadline, number), index)| Key { deadline, number, index });
            assert_eq!(self.wheel.first_due(self.now), key);
            assert_eq!(self.wheel.pop_due(self.now, Key::LAST), key);
            let Some(Key { deadline, number, index }) = key else { return };
            self.model.remove(&(deadline, number));
            if self.random.bool() {
                assert_eq!(self.wheel.free(index), number);
            } else {
                let (later, number) = (self.now + MILLI + self.delay() / 2, self.number());
                self.wheel.again(index, later, number);
                *self.wheel.value_mut(index) = number;
                self.model.insert((later, number), index);
            }
        }
    }
}

#[test]
fn the_wheel_does_what_a_sorted_list_does() {
    for seed in 0..200 {
        // Seen only if it fails.
        println!("seed {seed}");
        let mut both = Both::new(seed);
        for _ in 0..400 {
            match both.random.u32(0..10) {
                0..5 => both.add(),
                5..8 => both.remove(),
                _ => both.sleep(),
            }
        }
        while !both.model.is_empty() {
            both.remove();
        }
        assert_eq!(both.wheel.next(both.now), None);
    }
}

#[test]
fn nothing_is_taken_that_comes_after_the_bound() {
    let mut wheel: Wheel<()> = Wheel::new();
    let keys: Vec<_> = [(5, 1), (5, 2), (6, 3)]
        .map(|(deadline, number)| Key {
            deadline,
            number,
            index: wheel.add(deadline, number, |()| ()),
        })
        .into();
    assert_eq!(wheel.pop_due(9, keys[1]), Some(keys[0]));
    assert_eq!(wheel.pop_due(9, keys[1]), Some(keys[1]));
    assert_eq!(wheel.pop_due(9, keys[1]), None);
    assert_eq!(wheel.first_due(5), None, "it is not due");
    assert_eq!(wheel.first_due(9), Some(keys[2]));
}

#[test]
fn what_was_removed_from_the_heap_does_not_pile_up() {
    let mut wheel: Wheel<()> = Wheel::new();
    wheel.add(0, 1, |()| ());
    for number in 2..10_000 {
        let index = wheel.add(number % 7, number, |()| ());
        wheel.remove(index);
        let (keys, nodes) = wheel.keys_near();
        assert_eq!(nodes, 1);
        assert!(keys < 100, "{keys} keys for one node");
    }
}

#[test]
fn a_far_timer_is_looked_at_a_few_times_only() {
    for days in [1, 30, 400, 36_500] {
        let deadline = days * 24 * HOUR + 1;
        let mut wheel: Wheel<()> = Wheel::new();
        wheel.add(deadline, 1, |()| ());
        let (mut now, mut looks) = (0, 0);
        while wheel.first_due(now).is_none() {
            now = wheel.next(now).expect("it is pending");
            looks += 1;
        }
        assert_eq!(now, deadline);
        assert!(looks <= 8, "{looks} looks in {days} days");
    }
}

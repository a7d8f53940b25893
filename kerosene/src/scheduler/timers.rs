//! Timers: messages to be sent later, and processes to be woken.
//!
//! Each runtime has one ordered queue and one tokio task that sleeps until its first deadline. A
//! process that waits with a timeout, however many timers it has in its body, is in the queue once
//! at most, and stays there when it was woken for another reason: the next wait finds the timer
//! set, so that a loop of receives that never time out hardly touches the queue.
//!
//! - E1: a timer never fires before its deadline.
//! - E2: an entry for a process is made under the lock of the queue, after the process was seen
//!   alive; a process that begins to end takes the lock afterwards and removes what is there
//!   (compare N2). So no timer aimed at a pid outlives it.
//! - E3: a tick of an interval is sent under the lock of the queue, if the interval is still there.
//! - E4: no code of the user's, a `Clone` or a `Drop`, runs while the queue is locked.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use foldhash::HashMap;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::decoy::Wakeable;
use crate::process::{TimerKey, slot_of, try_send};
use crate::term::{Alias, Dest, Message, Name, Pid, Reference, Timeout, Timer, quietly};

/// How many due timers are taken out of the queue at once, so that it is not locked for long.
const BATCH: usize = 64;

/// The timers of one runtime.
#[derive(Debug)]
pub(crate) struct Timers {
    /// The number under which handles name it.
    service: u32,
    queue: Mutex<Queue>,
    /// The first deadline has become earlier.
    earlier: Notify,
    pub(super) decoy: Wakeable,
}

#[derive(Debug, Default)]
struct Queue {
    entries: BTreeMap<TimerKey, Entry>,
    by_reference: HashMap<Reference, TimerKey>,
    by_pid: HashMap<Pid, BTreeSet<TimerKey>>,
    last_number: u64,
}

#[derive(Debug)]
enum Entry {
    Wake(Pid),
    Send { timer: Timer, to: Recipient, payload: Payload },
}

/// To whom a timer sends.
#[derive(Debug, Clone)]
pub(crate) enum Recipient {
    Pid(Pid),
    /// Whoever has the name when the timer fires.
    Name(Name),
    Alias(Alias),
}

impl Recipient {
    /// The process whose end makes the timer pointless.
    fn pid(&self) -> Option<Pid> {
        match self {
            Self::Pid(pid) => Some(*pid),
            Self::Alias(alias) => Some(alias.owner()),
            Self::Name(_) => None,
        }
    }

    fn dest(&self) -> Dest<'_> {
        match self {
            Self::Pid(pid) => Dest::Pid(*pid),
            Self::Name(name) => Dest::Name(name),
            Self::Alias(alias) => Dest::Alias(*alias),
        }
    }
}

impl From<Dest<'_>> for Recipient {
    fn from(dest: Dest<'_>) -> Self {
        match dest {
            Dest::Pid(pid) => Self::Pid(pid),
            Dest::Name(name) => Self::Name(name.into()),
            Dest::Alias(alias) => Self::Alias(alias),
        }
    }
}

/// What a timer sends.
pub(crate) enum Payload {
    /// The message as it is.
    Bare(Message),
    /// Wrapped in a `Timeout`.
    Timeout(Message),
    /// A new one at each period, until the recipient ends.
    Interval { period: Duration, make: Make },
}

/// Makes the message of a tick, by the user's `Clone`: never while the queue is locked.
pub(crate) type Make = Arc<Mutex<dyn Fn() -> Message + Send>>;

/// What is to be done for a timer that is due.
enum Due {
    Wake(Pid),
    Send(Recipient, Message),
    /// The interval itself stays in the queue, with its next deadline.
    Tick(Timer, Recipient, Make),
}

/// All timer services, by number; they are as long-lived as the schedulers they belong to.
static SERVICES: RwLock<Vec<&'static Timers>> = RwLock::new(Vec::new());

impl Timers {
    /// A service that will live for ever.
    pub(super) fn leaked() -> &'static Self {
        let mut services = SERVICES.write().unwrap_or_else(PoisonError::into_inner);
        let service = u32::try_from(services.len()).unwrap_or(u32::MAX);
        let timers = Self {
            service,
            queue: Mutex::default(),
            earlier: Notify::new(),
            decoy: Wakeable::default(),
        };
        services.push(Box::leak(Box::new(timers)));
        services[services.len() - 1]
    }

    /// Adds a timer that sends. A recipient that has ended gets none.
    pub(crate) fn send_at(&self, deadline: Instant, to: Recipient, payload: Payload) -> Timer {
        let timer = Timer { reference: Reference::fresh(), service: self.service };
        let mut queue = self.lock();
        if to.pid().is_some_and(|pid| !is_there(pid)) {
            drop(queue);
            return timer;
        }
        let key = queue.add(deadline, Entry::Send { timer, to, payload });
        self.notify_if_first(queue, key);
        timer
    }

    pub(super) fn wake_at(&self, deadline: Instant, pid: Pid) -> TimerKey {
        let mut queue = self.lock();
        let key = queue.add(deadline, Entry::Wake(pid));
        self.notify_if_first(queue, key);
        key
    }

    pub(super) fn forget(&self, key: TimerKey) {
        self.lock().entries.remove(&key);
    }

    pub(super) fn service(&self) -> u32 {
        self.service
    }

    fn forget_pid(&self, pid: Pid) {
        let mut removed = Vec::new();
        let mut queue = self.lock();
        for key in queue.by_pid.remove(&pid).unwrap_or_default() {
            removed.extend(queue.remove(key));
        }
        drop(queue);
        // The messages are dropped here, outside the lock.
        drop_each(removed);
    }

    fn cancel(&self, reference: Reference) -> Option<Duration> {
        let mut queue = self.lock();
        // An interval that is firing has a reference and no entry; without the one it ends.
        let key = queue.by_reference.remove(&reference)?;
        let removed = queue.remove(key);
        drop(queue);
        drop(removed);
        Some(key.deadline.saturating_duration_since(Instant::now()))
    }

    fn remaining(&self, reference: Reference) -> Option<Duration> {
        let key = self.lock().by_reference.get(&reference).copied()?;
        Some(key.deadline.saturating_duration_since(Instant::now()))
    }

    /// Forgets everything, when the runtime has stopped.
    pub(super) fn clear(&self) {
        let queue = std::mem::take(&mut *self.lock());
        drop_each(queue.entries.into_values());
    }

    fn notify_if_first(&self, queue: MutexGuard<'_, Queue>, key: TimerKey) {
        let is_first = queue.entries.first_key_value().is_some_and(|(first, _)| *first == key);
        drop(queue);
        if is_first {
            self.earlier.notify_one();
            self.decoy.wake();
        }
    }

    /// Fires timers as they fall due. Runs as a tokio task as long as the runtime.
    pub(super) async fn run(&self) {
        loop {
            let first = self.lock().entries.first_key_value().map(|(key, _)| key.deadline);
            match first {
                None => self.earlier.notified().await,
                Some(deadline) => tokio::select! {
                    biased;
                    () = sleep_until(deadline) => self.fire().await,
                    () = self.earlier.notified() => {}
                },
            }
        }
    }

    async fn fire(&self) {
        let now = Instant::now();
        loop {
            let due = self.lock().take_due(now);
            let count = due.len();
            for due in due {
                self.fire_one(due);
            }
            if count < BATCH {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    fn fire_one(&self, due: Due) {
        match due {
            Due::Wake(pid) => {
                if let Some(slot) = slot_of(pid) {
                    slot.timer(pid);
                }
            }
            // If nobody is there, the message is dropped, and that may panic.
            Due::Send(to, message) => quietly(|| drop(try_send(to.dest(), message))),
            Due::Tick(timer, to, make) => self.tick(timer, &to, &make),
        }
    }

    /// Sends the message of an interval, unless it was cancelled or its recipient has ended: under
    /// the lock, so that no tick comes after `cancel` has returned (E3).
    fn tick(&self, timer: Timer, to: &Recipient, make: &Make) {
        let message = catch_unwind(AssertUnwindSafe(|| {
            let make = make.lock().unwrap_or_else(PoisonError::into_inner);
            make()
        }));
        let message = match message {
            Ok(message) => message,
            Err(payload) => {
                self.cancel(timer.reference);
                return quietly(|| drop(payload));
            }
        };
        let queue = self.lock();
        let undelivered = if queue.by_reference.contains_key(&timer.reference) {
            try_send(to.dest(), message)
        } else {
            Err(message.into())
        };
        drop(queue);
        quietly(|| drop(undelivered));
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn add(&mut self, deadline: Instant, entry: Entry) -> TimerKey {
        self.last_number += 1;
        let key = TimerKey { deadline, number: self.last_number };
        if let Entry::Send { timer, to, .. } = &entry {
            self.by_reference.insert(timer.reference, key);
            if let Some(pid) = to.pid() {
                self.by_pid.entry(pid).or_default().insert(key);
            }
        }
        self.entries.insert(key, entry);
        key
    }

    fn remove(&mut self, key: TimerKey) -> Option<Entry> {
        let entry = self.entries.remove(&key)?;
        if let Entry::Send { timer, to, .. } = &entry {
            self.by_reference.remove(&timer.reference);
            self.forget_key_of(to.pid(), key);
        }
        Some(entry)
    }

    fn forget_key_of(&mut self, pid: Option<Pid>, key: TimerKey) {
        if let Some(pid) = pid
            && let Some(keys) = self.by_pid.get_mut(&pid)
        {
            keys.remove(&key);
            if keys.is_empty() {
                self.by_pid.remove(&pid);
            }
        }
    }

    /// Takes up to a batch of due entries out.
    fn take_due(&mut self, now: Instant) -> Vec<Due> {
        std::iter::from_fn(|| self.take_first(now)).take(BATCH).collect()
    }

    fn take_first(&mut self, now: Instant) -> Option<Due> {
        let key = *self.entries.first_key_value()?.0;
        if key.deadline > now {
            return None;
        }
        Some(match self.remove(key)? {
            Entry::Wake(pid) => Due::Wake(pid),
            Entry::Send { to, payload: Payload::Bare(message), .. } => Due::Send(to, message),
            Entry::Send { timer, to, payload: Payload::Timeout(message) } => {
                Due::Send(to, Message::new(Timeout::new(timer, message)))
            }
            Entry::Send { timer, to, payload: Payload::Interval { period, make } } => {
                let next = next_tick(key.deadline, now, period);
                let payload = Payload::Interval { period, make: Arc::clone(&make) };
                self.add(next, Entry::Send { timer, to: to.clone(), payload });
                Due::Tick(timer, to, make)
            }
        })
    }
}

/// When an interval ticks next. Ticks that were missed are skipped; the rhythm is kept.
fn next_tick(last: Instant, now: Instant, period: Duration) -> Instant {
    let missed = now.duration_since(last).as_nanos() / period.as_nanos().max(1);
    let missed = u32::try_from(missed).unwrap_or(u32::MAX);
    last + period.saturating_mul(missed.saturating_add(1))
}

fn drop_each(entries: impl IntoIterator<Item = Entry>) {
    for entry in entries {
        quietly(|| drop(entry));
    }
}

/// Whether a timer may be aimed at the process; says so to the process (E2).
fn is_there(pid: Pid) -> bool {
    let there = slot_of(pid).and_then(|slot| {
        slot.with_tenant(pid, |shared| {
            shared.has_timers |= shared.state.is_live();
            shared.state.is_live()
        })
    });
    there == Some(true)
}

/// Removes the timers aimed at a process that has begun to end (E2). Any runtime may have some.
pub(super) fn forget_pid(pid: Pid) {
    let services = SERVICES.read().unwrap_or_else(PoisonError::into_inner).clone();
    for service in services {
        service.forget_pid(pid);
    }
}

/// The timers under this number.
pub(crate) fn service(number: u32) -> Option<&'static Timers> {
    let services = SERVICES.read().unwrap_or_else(PoisonError::into_inner);
    services.get(number as usize).copied()
}

/// Cancels a timer: what was left of it, or `None` if it is not pending.
pub(crate) fn cancel(timer: Timer) -> Option<Duration> {
    service(timer.service)?.cancel(timer.reference)
}

/// What is left of a timer, or `None` if it is not pending.
pub(crate) fn remaining(timer: Timer) -> Option<Duration> {
    service(timer.service)?.remaining(timer.reference)
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bare(_) => "Bare",
            Self::Timeout(_) => "Timeout",
            Self::Interval { .. } => "Interval",
        })
    }
}

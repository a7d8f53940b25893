//! Topics: typed publish and subscribe.
//!
//! A topic is no process. Whoever publishes puts the event into the mailboxes of the subscribers
//! itself, under the topic's lock:
//!
//! - EV1: all subscribers get the events in one order, that of the lock.
//! - EV2: a subscription is in the dictionary of its process, and ends with it, before the mailbox
//!   is closed. So no event is dropped under the lock, and no destructor of a user's runs there.
//! - EV3: for each subscription [`window`] counts the events that wait in the mailbox, and what did
//!   not fit. What is missed is told before the next event, and as soon as there is room again.

mod window;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Pid, Reference, erase, make_ref, pid, put, send};
use window::{Place, Window};

/// How many events may wait for a subscriber that does not say otherwise.
pub const DEFAULT_CAPACITY: usize = 1024;

/// Events of one type, and those who want to hear of them.
///
/// Who subscribes gets each event that is [published](Self::publish) from then on as an [`Event`]
/// message, in its own copy. Nobody waits for anybody: for each subscription at most
/// [so many](Subscribe::capacity) events may wait in the mailbox. If there are more, those that do
/// not fit are not kept for it, and it is told how many they were by a [`Lagged`] message, at the
/// place where they are missing. That comes when half of what was waiting has been taken, so a
/// subscriber that is too slow hears of some events in a row, not of one here and there.
///
/// This is a handle: clones are the same topic. It belongs to no process and need not be started.
/// A subscription ends with its process.
///
/// ```
/// use kerosene::otp::Topic;
/// use kerosene::otp::events::{Event, Lagged};
/// use kerosene::prelude::*;
///
/// #[derive(Clone)]
/// struct Price(u64);
///
/// kerosene::run(async {
///     let prices = Topic::new();
///     prices.subscribe();
///     prices.publish(Price(99));
///     receive! {
///         Event { event: Price(cents), .. } => assert_eq!(cents, 99),
///         Lagged { missed, .. } => println!("{missed} prices were not heard"),
///     }
/// });
/// ```
///
/// An event is cloned for each subscriber: put what is large into an `Arc`. Its `clone` must not
/// use the topic.
///
/// In Erlang: `gen_event`, whose handlers run in the manager and hold up each other; in Elixir:
/// `Phoenix.PubSub`, which has no bound.
pub struct Topic<E> {
    shared: Arc<Shared<E>>,
}

struct Shared<E> {
    state: Mutex<State<E>>,
}

struct State<E> {
    subscribers: BTreeMap<Subscription, Subscriber>,
    /// The last events, oldest first.
    kept: VecDeque<E>,
    kept_max: usize,
}

struct Subscriber {
    pid: Pid,
    window: Arc<Window>,
}

/// Tells the messages of one subscription from those of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subscription(Reference);

/// An event, as it arrives at a subscriber.
///
/// It counts as waiting until this is dropped or taken apart, as a pattern in `receive!` does. So
/// do not keep it whole for long.
#[derive(Debug)]
#[non_exhaustive]
pub struct Event<E> {
    /// Whose message this is.
    pub subscription: Subscription,
    /// What was published.
    pub event: E,
    /// Its place among those that wait, free when this is dropped.
    #[expect(dead_code, reason = "it is there to be dropped")]
    place: Place,
}

/// Arrives at a subscriber in place of events that were published while too many were waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lagged {
    /// Whose message this is.
    pub subscription: Subscription,
    /// How many events are missing here.
    pub missed: u64,
}

impl<E: Clone + Send + 'static> Topic<E> {
    /// A topic that keeps no events.
    pub fn new() -> Self {
        Self::with_replay(0)
    }

    /// A topic that keeps the last so many events for those who subscribe later and
    /// [ask for them](Subscribe::replay).
    pub fn with_replay(kept_max: usize) -> Self {
        let state = State { subscribers: BTreeMap::new(), kept: VecDeque::new(), kept_max };
        Self { shared: Arc::new(Shared { state: Mutex::new(state) }) }
    }

    /// Subscribes the current process with the [`DEFAULT_CAPACITY`], to what is published from now
    /// on. One that subscribes several times gets each event as often.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn subscribe(&self) -> Subscription {
        self.subscribe_with(&Subscribe::new())
    }

    /// Subscribes the current process.
    ///
    /// ```
    /// use kerosene::otp::Topic;
    /// use kerosene::otp::events::{Event, Subscribe};
    /// use kerosene::prelude::*;
    ///
    /// kerosene::run(async {
    ///     let topic = Topic::with_replay(10);
    ///     ["one", "two", "three"].into_iter().for_each(|word| topic.publish(word));
    ///     topic.subscribe_with(&Subscribe::new().replay(2));
    ///     receive! { Event { event, .. }: Event<&str> => assert_eq!(event, "two") }
    ///     receive! { Event { event, .. }: Event<&str> => assert_eq!(event, "three") }
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn subscribe_with(&self, how: &Subscribe) -> Subscription {
        let subscription = Subscription(make_ref());
        let me = pid();
        let window = Arc::new(Window::new(me, subscription, how.capacity));
        let subscriber = Subscriber { pid: me, window };
        let mut state = self.shared.lock();
        let first = state.kept.len().saturating_sub(how.replay.min(how.capacity));
        for event in state.kept.range(first..) {
            subscriber.tell(subscription, event);
        }
        state.subscribers.insert(subscription, subscriber);
        drop(state);
        put(
            subscription.key(),
            Arc::new(Subscribed { subscription, to: Arc::clone(&self.shared) }),
        );
        subscription
    }

    /// Tells all subscribers, in the order in which they have subscribed.
    ///
    /// It waits for none of them. Works anywhere, also on plain threads.
    pub fn publish(&self, event: E) {
        let mut state = self.shared.lock();
        for (subscription, subscriber) in &state.subscribers {
            subscriber.tell(*subscription, &event);
        }
        let unkept = state.keep(event);
        drop(state);
        drop(unkept);
    }

    /// How many subscriptions there are.
    pub fn subscription_count(&self) -> usize {
        self.shared.lock().subscribers.len()
    }
}

impl Subscription {
    /// Ends a subscription of the current process. Whether it was one.
    ///
    /// No event arrives from then on; those that wait in the mailbox stay there.
    ///
    /// # Panics
    ///
    /// If no process runs here.
    #[track_caller]
    pub fn cancel(self) -> bool {
        erase(self.key())
    }

    /// Where the dictionary of the subscriber has it.
    fn key(self) -> String {
        format!("$subscription {}", self.0)
    }
}

/// How to subscribe: how much may wait, and what of the past is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Subscribe {
    capacity: usize,
    replay: usize,
}

impl Default for Subscribe {
    fn default() -> Self {
        Self { capacity: DEFAULT_CAPACITY, replay: 0 }
    }
}

impl Subscribe {
    /// With the [`DEFAULT_CAPACITY`], to what is published from now on.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many events may wait in the mailbox; at least one.
    pub fn capacity(mut self, events_max: usize) -> Self {
        self.capacity = events_max.max(1);
        self
    }

    /// How many events of the past arrive first, as far as the topic
    /// [has kept](Topic::with_replay) them, and no more than may wait.
    pub fn replay(mut self, events_max: usize) -> Self {
        self.replay = events_max;
        self
    }
}

impl Subscriber {
    /// Sends an event if there is room for it; notes down that it is missed if not.
    fn tell<E: Clone + Send + 'static>(&self, subscription: Subscription, event: &E) {
        if let Some(place) = Window::take(&self.window) {
            send(self.pid, Event { subscription, event: event.clone(), place });
        }
    }
}

impl<E> State<E> {
    /// Keeps an event for later subscribers. Returns what is not kept, to be dropped without the
    /// lock.
    fn keep(&mut self, event: E) -> Option<E> {
        if self.kept_max == 0 {
            return Some(event);
        }
        let oldest = (self.kept.len() == self.kept_max).then(|| self.kept.pop_front()).flatten();
        self.kept.push_back(event);
        oldest
    }
}

impl<E> Shared<E> {
    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A subscription in the dictionary of its process, whose end is its end (EV2).
struct Subscribed<E> {
    subscription: Subscription,
    to: Arc<Shared<E>>,
}

impl<E> Drop for Subscribed<E> {
    fn drop(&mut self) {
        self.to.lock().subscribers.remove(&self.subscription);
    }
}

impl<E: Clone + Send + 'static> Default for Topic<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Clone for Topic<E> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<E> fmt::Debug for Topic<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topic").finish_non_exhaustive()
    }
}

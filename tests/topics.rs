//! Topics: publish and subscribe (EVT-1), subscribers that are too slow (EVT-2), what newcomers
//! hear of the past (EVT-3), ends (EVT-4).

use kerosene::otp::Topic;
use kerosene::otp::events::{DEFAULT_CAPACITY, Event, Lagged, Subscribe, Subscription};
use kerosene::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Number(u64);

/// What a subscriber has heard.
#[derive(Debug, PartialEq)]
enum Heard {
    Number(u64),
    Missed(u64),
}

use Heard::{Missed, Number as Heard1};

/// The next that arrives, if anything does.
async fn next() -> Option<Heard> {
    receive! {
        Event { event: Number(n), .. } => Some(Heard1(n)),
        Lagged { missed, .. } => Some(Missed(missed)),
        after Duration::from_millis(1) => None,
    }
}

async fn all() -> Vec<Heard> {
    let mut heard = Vec::new();
    while let Some(next) = next().await {
        heard.push(next);
    }
    heard
}

fn publish(topic: &Topic<Number>, numbers: impl IntoIterator<Item = u64>) {
    numbers.into_iter().for_each(|n| topic.publish(Number(n)));
}

fn numbers(numbers: impl IntoIterator<Item = u64>) -> Vec<Heard> {
    numbers.into_iter().map(Heard1).collect()
}

#[kerosene::test(seeds = 50)]
async fn subscribers_hear_what_is_published_from_then_on() {
    let topic = Topic::new();
    publish(&topic, [1]);
    let one = topic.subscribe();
    publish(&topic, [2, 3]);
    assert_eq!(all().await, numbers([2, 3]));
    let two = topic.subscribe();
    publish(&topic, [4]);
    for wanted in [one, two] {
        receive! { Event { subscription, event: Number(4), .. } => {
            assert_eq!(subscription, wanted);
        } }
    }
}

#[kerosene::test(seeds = 200)]
async fn all_subscribers_hear_the_same_in_one_order() {
    let topic = Topic::new();
    let test = pid();
    for _ in 0..3 {
        let topic = topic.clone();
        spawn(async move {
            topic.subscribe();
            send(test, ());
            sleep(Duration::from_secs(1)).await;
            send(test, all().await);
        });
    }
    for _ in 0..3 {
        receive! { (): () => {} }
    }
    for publisher in 0..3 {
        let topic = topic.clone();
        spawn(async move {
            for n in 0..4 {
                publish(&topic, [publisher * 10 + n]);
                yield_now().await;
            }
        });
    }
    let mut heard: Vec<Vec<Heard>> = Vec::new();
    for _ in 0..3 {
        receive! { list => heard.push(list.downcast().expect("what was heard")) }
    }
    assert_eq!(heard[0].len(), 12);
    assert_eq!(heard[0], heard[1]);
    assert_eq!(heard[1], heard[2]);
}

#[kerosene::test(seeds = 50)]
async fn who_lags_is_told_how_many_it_has_missed_and_where() {
    let topic = Topic::new();
    topic.subscribe_with(&Subscribe::new().capacity(4));
    publish(&topic, 1..=10);
    assert_eq!(next().await, Some(Heard1(1)));
    publish(&topic, 11..=12);
    assert_eq!(next().await, Some(Heard1(2)));
    publish(&topic, 13..=20);
    let mut wanted = numbers([3, 4]);
    wanted.push(Missed(8));
    wanted.extend(numbers([13, 14]));
    wanted.push(Missed(6));
    assert_eq!(all().await, wanted);
}

#[kerosene::test(seeds = 50)]
async fn nothing_is_missed_in_silence() {
    for capacity in [0, 1, 2, 3, 10] {
        let topic = Topic::new();
        let subscription = topic.subscribe_with(&Subscribe::new().capacity(capacity));
        let publisher = topic.clone();
        spawn(async move {
            for n in 1..=100 {
                publish(&publisher, [n]);
                if n % 7 == 0 {
                    yield_now().await;
                }
            }
        });
        let (mut last, mut waiting_max) = (0, 0);
        while last < 100 {
            let info = process_info(pid()).await.expect("it is this one");
            waiting_max = waiting_max.max(info.mailbox_len);
            receive! {
                Event { event: Number(n), .. } => {
                    assert_eq!(n, last + 1);
                    last = n;
                }
                Lagged { missed, .. } => last += missed,
            }
        }
        assert_eq!(all().await, []);
        assert!(waiting_max <= capacity.max(1) + 3, "{waiting_max} of {capacity}");
        assert!(subscription.cancel());
    }
}

#[kerosene::test(real, worker_threads = 4)]
async fn nothing_is_missed_in_silence_between_threads() {
    const EVENTS: u64 = 50_000;
    let topic = Topic::new();
    let mut watches = Vec::new();
    let test = pid();
    for capacity in [1, 2, 7, 50] {
        let topic = topic.clone();
        let (_, watch) = spawn_monitor(async move {
            topic.subscribe_with(&Subscribe::new().capacity(capacity));
            send(test, "ready");
            let mut last = 0;
            while last < EVENTS {
                receive! {
                    Event { event: Number(n), .. } => {
                        assert_eq!(n, last + 1);
                        last = n;
                    }
                    Lagged { missed, .. } => last += missed,
                }
            }
        });
        watches.push(watch);
        receive! { "ready" => () }
    }
    for n in 1..=EVENTS {
        publish(&topic, [n]);
        if n % 16 == 0 {
            yield_now().await;
        }
    }
    for watch in watches {
        receive! { Down { monitor, reason, .. } if monitor == watch => {
            assert_eq!(reason, ExitReason::Normal);
        } }
    }
}

#[kerosene::test(seeds = 50)]
async fn a_slow_subscriber_costs_the_others_nothing() {
    let topic = Topic::new();
    let slow = topic.clone();
    spawn(async move {
        slow.subscribe_with(&Subscribe::new().capacity(1));
        sleep(Duration::MAX).await;
    });
    yield_now().await;
    topic.subscribe();
    let count = DEFAULT_CAPACITY as u64;
    publish(&topic, 1..=count);
    assert_eq!(all().await, numbers(1..=count));
}

#[kerosene::test(seeds = 50)]
async fn an_event_that_is_thrown_away_makes_room() {
    let topic = Topic::new();
    topic.subscribe_with(&Subscribe::new().capacity(2));
    publish(&topic, [1, 2, 3]);
    receive! { event: Event<Number> => drop(event) }
    publish(&topic, [4]);
    assert_eq!(all().await, [Heard1(2), Missed(1), Heard1(4)]);
}

#[kerosene::test(seeds = 50)]
async fn newcomers_hear_the_last_events_first() {
    let topic = Topic::with_replay(3);
    publish(&topic, 1..=5);
    for (replay, capacity, first) in [(0, 9, 6), (2, 9, 4), (9, 9, 3), (9, 2, 4)] {
        let how = Subscribe::new().replay(replay).capacity(capacity);
        let subscription = topic.subscribe_with(&how);
        assert_eq!(all().await, numbers(first..=5));
        assert!(subscription.cancel());
    }
    topic.subscribe_with(&Subscribe::new().replay(1));
    publish(&topic, [6]);
    assert_eq!(all().await, numbers([5, 6]));
}

#[kerosene::test(seeds = 50)]
async fn a_cancelled_subscription_hears_no_more() {
    let topic = Topic::new();
    let one = topic.subscribe();
    let two = topic.subscribe();
    publish(&topic, [1]);
    assert!(one.cancel());
    assert!(!one.cancel());
    publish(&topic, [2]);
    let mut heard: Vec<(Subscription, u64)> = Vec::new();
    for _ in 0..3 {
        receive! { Event { subscription, event: Number(n), .. } => heard.push((subscription, n)) }
    }
    assert_eq!(heard, [(one, 1), (two, 1), (two, 2)]);
    assert_eq!(next().await, None);
}

#[kerosene::test(seeds = 50)]
async fn a_subscription_ends_with_its_process() {
    let topic: Topic<Number> = Topic::new();
    let subscribing = topic.clone();
    let (_, watch) = spawn_monitor(async move {
        subscribing.subscribe();
        subscribing.subscribe();
        assert_eq!(subscribing.subscription_count(), 2);
    });
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    assert_eq!(topic.subscription_count(), 0);
}

/// Publishes when it is dropped.
#[derive(Clone)]
struct Last(Topic<Option<Last>>);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.publish(None);
    }
}

#[kerosene::test(seeds = 50)]
async fn destructors_of_events_may_publish() {
    let topic = Topic::with_replay(1);
    let (_, watch) = spawn_monitor({
        let topic = topic.clone();
        async move {
            topic.subscribe();
            topic.publish(Some(Last(topic.clone())));
            topic.publish(None);
        }
    });
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    topic.publish(None);
}

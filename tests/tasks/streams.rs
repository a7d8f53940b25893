//! Streams of tasks: order, how many at once, time-outs, failures, and the end (TSK-7).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kerosene::otp::TaskError;
use kerosene::otp::task::stream;
use kerosene::prelude::*;
use tokio::time::Instant;

use crate::{ended, mailbox, ms, outcome_of};

/// Work that counts how much of it is going on. Dropped by an end of any kind, it counts as over.
/// (Relaxed: the tests run on one thread.)
#[derive(Clone, Default)]
struct Load(Arc<AtomicUsize>, Arc<AtomicUsize>);

struct Working(Load);

impl Load {
    fn begin(&self) -> Working {
        let now = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        self.1.fetch_max(now, Ordering::Relaxed);
        Working(self.clone())
    }

    fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn max(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn delayed(delay_ms: u64) -> u64 {
    sleep(ms(delay_ms)).await;
    delay_ms
}

const DELAYS: [u64; 6] = [50, 10, 30, 20, 60, 40];

#[kerosene::test(seeds = 100)]
async fn a_stream_gives_values_in_the_order_of_the_items() {
    trap_exit(true);
    for tasks_max in [0, 1, 2, 3, 100] {
        let values = stream(DELAYS, tasks_max, delayed).collect().await;
        assert_eq!(values, DELAYS.map(Ok));
    }
    assert_eq!(mailbox().await, [""; 0]);
}

async fn length(text: &'static str) -> usize {
    text.len()
}

#[kerosene::test]
async fn items_may_be_static_references_and_work_a_closure() {
    let values = stream(["a", "bc"], 2, length).collect().await;
    assert_eq!(values, [Ok(1), Ok(2)]);
    let add = 1;
    let work = |text: &'static str| async move { text.len() + add };
    let mut values = stream(vec!["a", "bc"], 2, work);
    assert_eq!(values.next().await, Some(Ok(2)));
    assert_eq!(values.next().await, Some(Ok(3)));
    assert_eq!(values.next().await, None);
}

#[kerosene::test(seeds = 100)]
async fn an_unordered_stream_gives_values_as_they_come() {
    let values = stream(DELAYS, 100, delayed).unordered().collect().await;
    assert_eq!(values, [10, 20, 30, 40, 50, 60].map(Ok));
    // Two at a time: 50 and 10, 50 and 30, 50 and 20 (in place of 30, at 40), ...
    let values = stream(DELAYS, 2, delayed).unordered().collect().await;
    assert_eq!(values, [10, 30, 50, 20, 40, 60].map(Ok));
}

#[kerosene::test(seeds = 50)]
async fn a_stream_runs_no_more_tasks_than_it_may() {
    for (tasks_max, time) in [(1, 100), (3, 40), (10, 10)] {
        let load = Load::default();
        let began = Instant::now();
        let work = |item: u64| {
            let load = load.clone();
            async move {
                let _working = load.begin();
                sleep(ms(10)).await;
                item
            }
        };
        let values = stream(0..10, tasks_max, work).collect().await;
        assert_eq!(values.len(), 10);
        assert_eq!(load.max(), tasks_max);
        assert_eq!(began.elapsed(), ms(time));
    }
}

#[kerosene::test(seeds = 50)]
async fn a_stream_takes_no_item_before_it_is_wanted() {
    let mut taken = 0;
    let items = (0..).inspect(|_| taken += 1);
    let mut values = stream(items, 3, async |n: u64| n);
    assert_eq!(values.next().await, Some(Ok(0)));
    // However long its reader takes.
    sleep(ms(1000)).await;
    assert_eq!(values.next().await, Some(Ok(1)));
    drop(values);
    assert_eq!(taken, 4);
}

#[kerosene::test(seeds = 50)]
async fn an_item_that_takes_too_long_is_an_error_in_its_place() {
    for is_ordered in [true, false] {
        let values = stream([10, 99, 20], 3, delayed).timeout(ms(50));
        let values = if is_ordered { values } else { values.unordered() };
        let began = Instant::now();
        let values = values.collect().await;
        let late = Err(TaskError::Timeout);
        let expected = if is_ordered { [Ok(10), late, Ok(20)] } else { [Ok(10), Ok(20), late] };
        assert_eq!(values, expected);
        assert_eq!(began.elapsed(), ms(50));
    }
}

#[kerosene::test]
async fn an_item_has_its_time_from_when_its_work_begins() {
    let began = Instant::now();
    let values = stream([40; 5], 1, delayed).timeout(ms(50)).collect().await;
    assert_eq!(values, [40; 5].map(Ok));
    assert_eq!(began.elapsed(), ms(200));
    let values = stream([5001], 1, delayed).collect().await;
    assert_eq!(values, [Err(TaskError::Timeout)], "five seconds, unless told otherwise");
}

#[kerosene::test(seeds = 100)]
async fn a_stream_that_is_dropped_ends_its_tasks() {
    trap_exit(true);
    let load = Load::default();
    let work = |item: u64| {
        let load = load.clone();
        async move {
            let _working = load.begin();
            delayed(item).await
        }
    };
    let mut values = stream([1, 1000, 1000, 1000, 1000], 4, work);
    assert_eq!(values.next().await, Some(Ok(1)));
    assert_eq!(load.now(), 3);
    drop(values);
    yield_now().await;
    sleep(ms(1)).await;
    assert_eq!(load.now(), 0);
    assert_eq!(mailbox().await, [""; 0]);
}

async fn fails_at_two(n: u64) -> u64 {
    if n == 2 {
        exit("boom")
    }
    delayed(n).await
}

#[kerosene::test(seeds = 100)]
async fn a_failure_in_a_linked_stream_ends_its_owner() {
    let reason = outcome_of(async {
        let values = stream(0..5, 2, fails_at_two).collect().await;
        panic!("the owner has seen {values:?}");
    });
    assert_eq!(reason.await, "boom".into());
}

#[kerosene::test(seeds = 100)]
async fn a_failure_is_an_error_in_its_place_without_link_or_where_exits_are_trapped() {
    let expected = [Ok(0), Ok(1), Err(TaskError::Exited("boom".into())), Ok(3)];
    let values = stream(0..4, 2, fails_at_two).nolink().collect().await;
    assert_eq!(values, expected);
    trap_exit(true);
    let values = stream(0..4, 2, fails_at_two).collect().await;
    assert_eq!(values, expected);
    assert_eq!(mailbox().await, [""; 0]);
}

#[kerosene::test(seeds = 50)]
async fn a_stream_ends_with_its_owner() {
    let to = pid();
    let (_, watch) = spawn_monitor(async move {
        let work = move |n| async move {
            send(to, pid());
            delayed(n).await
        };
        let mut values = stream([1, 60_000], 2, work);
        drop(values.next().await);
        receive! { "never" => drop(values), after ms(5) => () }
    });
    let mut tasks = Vec::new();
    for _ in 0..2 {
        tasks.push(receive! { task: Pid => task });
    }
    receive! { Down { monitor, reason, .. } if monitor == watch => {
        assert_eq!(reason, ExitReason::Normal);
    } }
    for task in tasks {
        ended(task).await;
    }
}

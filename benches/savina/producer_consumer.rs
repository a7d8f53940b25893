//! Producers and consumers at a bounded buffer. An operation is an item; the paper has 1000 of each
//! of 40 producers, 40 consumers, a buffer of 50, and 2500 logarithms for making an item and as
//! many for using it: most of it is work, little is messages.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

use super::work::process_item;

const PRODUCERS: u64 = 40;
const CONSUMERS: u64 = 40;
const BUFFER: usize = 50;
const COST: u64 = 25;

struct Produce;
struct Item(Pid, f64);
struct Finished;
struct Available(Pid);
struct Consume(f64);
struct Over;
struct Consumed(u64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    let each = count.div_ceil(PRODUCERS);
    on_kerosene(workers, async move {
        let buffer = pid();
        let start = Instant::now();
        let consumers: Vec<Pid> = (0..CONSUMERS).map(|_| spawn(consumer(buffer))).collect();
        for _ in 0..PRODUCERS {
            send(spawn(producer(buffer, each)), Produce);
        }
        let passed = pass(each * PRODUCERS).await;
        for consumer in consumers {
            send(consumer, Over);
        }
        let mut consumed = 0;
        for _ in 0..CONSUMERS {
            receive! { Consumed(items) => consumed += items }
        }
        assert_eq!((passed, consumed), (each * PRODUCERS, each * PRODUCERS));
        start.elapsed()
    })
}

/// The buffer: items that wait for a consumer, consumers that wait for an item, and producers that
/// wait for a place. Ends when all producers have and all items are on their way.
async fn pass(count: u64) -> u64 {
    let mut items = VecDeque::new();
    let mut consumers = VecDeque::new();
    let mut producers = VecDeque::new();
    let (mut producing, mut passed) = (PRODUCERS, 0);
    while producing > 0 || passed < count {
        receive! {
            Item(producer, item) => {
                items.push_back(item);
                producers.push_back(producer);
            }
            Available(consumer) => consumers.push_back(consumer),
            Finished => producing -= 1,
        }
        while let (false, Some(consumer)) = (items.is_empty(), consumers.front()) {
            items.pop_front().into_iter().for_each(|item| send(*consumer, Consume(item)));
            consumers.pop_front();
            passed += 1;
        }
        while items.len() < BUFFER
            && let Some(producer) = producers.pop_front()
        {
            send(producer, Produce);
        }
    }
    passed
}

async fn producer(buffer: Pid, count: u64) {
    let me = pid();
    let mut item = 0.0;
    for _ in 0..count {
        receive! { Produce => item = process_item(item, COST) }
        send(buffer, Item(me, item));
    }
    receive! { Produce => send(buffer, Finished) }
}

async fn consumer(buffer: Pid) {
    let me = pid();
    let (mut sum, mut consumed) = (0.0, 0);
    loop {
        send(buffer, Available(me));
        receive! {
            Consume(item) => sum += process_item(item, COST),
            Over => break,
        }
        consumed += 1;
    }
    assert!(f64::is_finite(sum));
    send(buffer, Consumed(consumed));
}

//! Sleeping barber: customers come to a waiting room, and come again if it is full. An operation is
//! a haircut; the paper has 5000, room for 1000, and up to 1000 random numbers between two
//! customers and for a haircut.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bench_harness::on_kerosene;
use kerosene::prelude::*;

use super::work::busy_wait;

const ROOM: usize = 1000;
const WORK_MAX: u64 = 1000;

struct Enter(Pid);
struct Next;
struct Haircut {
    customer: Pid,
    room: Pid,
}
struct Full;
struct Done;
struct Served;
struct Close(Pid);
struct Haircuts(u64);

pub(crate) fn run(workers: usize, count: u64) -> Duration {
    on_kerosene(workers, async move {
        let start = Instant::now();
        let barber = spawn(barber());
        let room = spawn(room(barber));
        let me = pid();
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..count {
            spawn(customer(room, me));
            let pause = random.u64(1..=WORK_MAX);
            busy_wait(&mut random, pause);
            yield_now().await;
        }
        for _ in 0..count {
            receive! { Served => () }
        }
        send(barber, Close(me));
        receive! { Haircuts(haircuts) => assert_eq!(haircuts, count) }
        start.elapsed()
    })
}

async fn customer(room: Pid, street: Pid) {
    let me = pid();
    loop {
        send(room, Enter(me));
        receive! {
            Full => yield_now().await,
            Done => return send(street, Served),
        }
    }
}

/// Sends the barber one customer at a time; he says when he is ready for the next.
async fn room(barber: Pid) {
    let room = pid();
    let mut seats = VecDeque::new();
    let mut is_barber_asleep = true;
    loop {
        receive! {
            Enter(customer) if seats.len() == ROOM => send(customer, Full),
            Enter(customer) => seats.push_back(customer),
            Next => is_barber_asleep = true,
        }
        if is_barber_asleep && let Some(customer) = seats.pop_front() {
            is_barber_asleep = false;
            send(barber, Haircut { customer, room });
        }
    }
}

async fn barber() {
    let mut random = fastrand::Rng::with_seed(2);
    let mut haircuts = 0;
    loop {
        receive! {
            Haircut { customer, room } => {
                let work = random.u64(1..=WORK_MAX);
                busy_wait(&mut random, work);
                haircuts += 1;
                send(customer, Done);
                send(room, Next);
            }
            Close(street) => return send(street, Haircuts(haircuts)),
        }
    }
}

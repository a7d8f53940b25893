//! One arm that returns, all arms that leave: nothing is unreachable, nothing is unused.
#![deny(warnings, unused, unreachable_code)]

use std::convert::Infallible;

use kerosene::prelude::*;

struct Stop;
struct Panic;

async fn until_stopped(count: &mut u32) {
    loop {
        *count += 1;
        receive! {
            Stop => return,
            after Duration::ZERO => {}
        }
    }
}

async fn forever() -> Infallible {
    loop {
        receive! {
            Panic => panic!("never sent"),
            after Duration::ZERO => break std::future::pending().await,
        }
    }
}

async fn one_way_on() -> u64 {
    let mut count = 5;
    loop {
        receive! {
            Panic => continue,
            Stop => return count,
            () => {}
        }
        count += 1;
    }
}

#[kerosene::main]
async fn main() {
    let mut count = 0;
    send(pid(), Stop);
    until_stopped(&mut count).await;
    assert_eq!(count, 1);
    send(pid(), ());
    send(pid(), Stop);
    assert_eq!(one_way_on().await, 6);
    drop(forever());
}

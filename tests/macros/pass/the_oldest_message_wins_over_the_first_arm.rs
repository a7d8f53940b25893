//! Message-major, arm-minor: the arms are tried on one message after the other.
#![deny(warnings)]

use kerosene::prelude::*;

struct First;
struct Second;

async fn next() -> u8 {
    receive! {
        Second => 2,
        First => 1,
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), First);
    send(pid(), Second);
    assert_eq!(next().await, 1);
    assert_eq!(next().await, 2);

    // On one message the upper arm wins.
    send(pid(), 5_u64);
    let arm = receive! {
        n: u64 if n > 3 => format!("large {n}"),
        n: u64 => format!("small {n}"),
    };
    assert_eq!(arm, "large 5");
}

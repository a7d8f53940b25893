//! `after` begins a time-out at the head of an arm, unless `:`, `@` or `|` follows.
#![deny(warnings)]

use kerosene::prelude::*;

struct Span {
    before: u64,
    after: u64,
}

fn after(n: u64) -> u64 {
    n + 1
}

mod clock {
    pub const AFTER: std::time::Duration = std::time::Duration::ZERO;
}

#[kerosene::main]
async fn main() {
    send(pid(), Span { before: 1, after: 2 });
    let sum = receive! { Span { before, after } if after > before => before + after };
    assert_eq!(sum, 3);

    send(pid(), 3_u64);
    let n = receive! { after: u64 if after == 3 => after };
    assert_eq!(after(n), 4);

    send(pid(), 1..3_u8);
    let length = receive! { after @ std::ops::Range::<u8> { .. } => after.len() };
    assert_eq!(length, 2);

    send(pid(), 5_u64);
    assert!(receive! { after @ _ => after.is::<u64>() });

    send(pid(), 6_u64);
    assert!(receive! { r#after => r#after.is::<u64>() });

    let late = receive! {
        (x, y): (u64, u64) => after(x + y),
        after clock::AFTER => after(0),
    };
    assert_eq!(late, 1);
    let is_short = true;
    receive! { after if is_short { Duration::ZERO } else { Duration::MAX } => {} }
    receive! { after { Duration::ZERO } => {} }
}

//! A guard sees the bound values and runs once for each message of its type.
#![deny(warnings)]

use kerosene::prelude::*;

struct Number(u64);

#[kerosene::main]
async fn main() {
    for n in 1..=3 {
        send(pid(), Number(n));
    }
    let mut seen = Vec::new();
    let found = receive! {
        Number(n) if {
            seen.push(n);
            n == 3
        } => n,
    };
    assert_eq!(found, 3);
    assert_eq!(seen, [1, 2, 3]);
}

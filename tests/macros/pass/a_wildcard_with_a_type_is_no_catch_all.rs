//! `_: Type` takes messages of that type, so arms may follow it.
#![deny(warnings)]

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    send(pid(), "text");
    send(pid(), 1_u64);
    let mut order = Vec::new();
    for _ in 0..2 {
        receive! {
            _: u64 => order.push("number"),
            n: u64 => unreachable!("{n}"),
            _: &str => order.push("text"),
        }
    }
    assert_eq!(order, ["text", "number"]);
}

//! An `if` without a condition.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        Ping(n) if => println!("{n}"),
    }
}

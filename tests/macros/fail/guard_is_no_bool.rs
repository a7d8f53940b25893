//! A guard is a `bool`.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        Ping(n) if n + 1 => println!("{n}"),
    }
}

//! Erlang's arrow after a guard, a pattern and a time.

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) if n > 3 -> n,
        Pong -> 0,
        after Duration::ZERO -> 1,
    };
    println!("{n}");
}

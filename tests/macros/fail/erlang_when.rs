//! Erlang's guard, after a pattern and after a type.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    let n = receive! {
        Ping(n) when n > 3 => n,
        m: u64 when m > 3 => m,
    };
    println!("{n}");
}

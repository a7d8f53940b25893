//! An arm that ends at its `=>`.

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) => n,
        Pong =>,
        after Duration::ZERO =>
    };
    println!("{n}");
}

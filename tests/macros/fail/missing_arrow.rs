//! An arm without `=>`, with and without a body.

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) { n }
        Pong,
    };
    println!("{n}");
}

//! Every mistake is reported, and nothing follows from any of them.

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) -> n,
        1 => 1,
        (a, b) => a + b,
        Pong if ready().await => 3,
        Ping(ref m) => m,
        after 5 => 5,
        after 6 => 6,
    };
    println!("{n}");
}

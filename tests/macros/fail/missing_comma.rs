//! Two arms, and two expressions, without a comma between them.

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) => n
        Pong => 0,
        _ => 3 4,
    };
    println!("{n}");
}

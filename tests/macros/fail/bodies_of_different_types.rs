//! The bodies have one type, as in `match`.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) => n,
        text: String => text,
    };
    println!("{n}");
}

//! `=` where `=>` was meant.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) = n,
    };
    println!("{n}");
}

//! `box` patterns are not stable Rust.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        box Ping(n) => println!("{n}"),
        Ping(n) => println!("{n}"),
    }
}

//! A keyword and an expression where a pattern stands.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        fn => println!("{n}"),
        Ping(1 + 1) => {}
        Ping(n) => println!("{n}"),
    }
}

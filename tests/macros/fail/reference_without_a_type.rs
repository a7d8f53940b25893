//! Messages come by value.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        &Ping(n) => println!("{n}"),
    }
}

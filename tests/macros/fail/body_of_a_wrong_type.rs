//! A `receive!` that is a statement has the type `()`, as a `match` has.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! { Ping(n) => n }
    println!("later");
}

//! What follows a pattern is a type, a guard or the arrow.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        Ping n => println!("{n}"),
        Ping(n) && n > 3 => println!("{n}"),
    }
}

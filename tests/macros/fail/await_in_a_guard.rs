//! A guard cannot wait.

use kerosene::prelude::*;

struct Ping(u64);

async fn is_fine(n: &u64) -> bool {
    *n > 3
}

#[kerosene::main]
async fn main() {
    receive! {
        Ping(n) if is_fine(&n).await => println!("{n}"),
    }
}

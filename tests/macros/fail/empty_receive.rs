//! A `receive!` needs an arm; the value of a broken one has every type.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {};
    println!("{n}");
}

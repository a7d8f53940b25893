//! A bare number has no type that a macro could know.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        1 => {}
        n @ 2..=9 => println!("{n}"),
        10 | 20 => {}
        -1 => {}
        1.5 => {}
    }
}

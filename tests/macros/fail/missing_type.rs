//! A `:` without a type.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        n: => println!("{n}"),
        m: if m > 3 => println!("{m}"),
    }
}

//! A slice pattern fits arrays and slices of every type.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        [first, .., last] => println!("{first} {last}"),
    }
}

//! A misspelled type.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! { text: Strng => println!("{text}") }
}

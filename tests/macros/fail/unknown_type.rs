//! A type that nobody knows.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! { text: Parcel => println!("{text}") }
}

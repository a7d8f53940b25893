//! Variants of the generic types of the prelude.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        Some(n) => println!("{n}"),
        None => {}
        Ok(n) => println!("{n}"),
        Err(5_u8) => {}
    }
}

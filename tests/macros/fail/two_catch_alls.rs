//! A catch-all behind a catch-all; the value keeps its type.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    let n: u8 = receive! {
        mut first => first.downcast().unwrap(),
        _ => 2,
    };
    println!("{n}");
}

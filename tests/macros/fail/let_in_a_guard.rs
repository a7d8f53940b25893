//! A guard binds no names.

use kerosene::prelude::*;

struct Text(String);

#[kerosene::main]
async fn main() {
    receive! {
        Text(text) if text.len() > 3 && let Some(first) = text.chars().next() => println!("{text}"),
    }
}

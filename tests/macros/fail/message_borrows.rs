//! A message outlives whoever sent it, so it borrows nothing.

use kerosene::prelude::*;

async fn wait<'a>(names: &'a [String]) -> &'a str {
    receive! { name: &'a str if names.is_empty() => name }
}

#[kerosene::main]
async fn main() {
    println!("{}", wait(&[]).await);
}

//! A guard cannot leave the function or the loop around the `receive!`.

use kerosene::prelude::*;

struct Text(String);

async fn parse() -> Result<u64, std::num::ParseIntError> {
    loop {
        receive! {
            Text(text) if text.parse::<u64>()? > 3 => println!("{text}"),
            Text(text) if { if text.is_empty() { break } true } => println!("{text}"),
            Text(text) if { if text.is_empty() { continue } true } => println!("{text}"),
            Text(text) if text.is_empty() || return Ok(3) => break,
        }
    }
    Ok(4)
}

#[kerosene::main]
async fn main() {
    parse().await.unwrap();
}

//! `return`, `break`, `continue`, labels and `?` mean in a body what they mean outside.
#![deny(warnings)]

use kerosene::prelude::*;

struct Next(u64);
struct Skip;
struct Stop;
struct Parse(&'static str);
struct Leave;

async fn sum() -> Result<u64, std::num::ParseIntError> {
    let mut sum = 0;
    let product = 'outer: loop {
        loop {
            let n = receive! {
                Next(n) => n,
                Skip => continue,
                Parse(text) => text.parse::<u64>()?,
                Stop => break,
                Leave => break 'outer 100,
            };
            sum += n;
        }
        return Ok(sum);
    };
    Ok(product)
}

#[kerosene::main]
async fn main() {
    send(pid(), Next(1));
    send(pid(), Skip);
    send(pid(), Parse("20"));
    send(pid(), Stop);
    assert_eq!(sum().await, Ok(21));
    send(pid(), Leave);
    assert_eq!(sum().await, Ok(100));
    send(pid(), Parse("x"));
    assert!(sum().await.is_err());
}

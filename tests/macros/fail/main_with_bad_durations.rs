//! Times without a unit, with another unit, without a number, too long.

#[kerosene::main(stop_deadline = "5")]
async fn main() {}

#[kerosene::main(stop_deadline = "5sec")]
async fn second() {}

#[kerosene::main(stop_deadline = "soon")]
async fn third() {}

#[kerosene::main(stop_deadline = "99999999999999999999s")]
async fn fourth() {}

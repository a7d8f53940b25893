//! `#[main]` on something that is no function.

#[kerosene::main]
struct Main;

fn main() {}

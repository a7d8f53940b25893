//! A function where a module should be.

#[kerosene::supervisor]
fn shop() {}

fn main() {}

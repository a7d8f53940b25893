//! Not a module.

#[kerosene::supervisor]
fn shop() {}

fn main() {}

//! A module in another file cannot be seen.

#[kerosene::actor]
pub mod counter;

fn main() {}

//! The attribute goes on the module around the block.

pub struct Counter;

#[kerosene::actor]
impl Counter {}

fn main() {}

//! The attribute goes on a module.

#[kerosene::actor]
pub struct Counter {
    count: u64,
}

fn main() {}

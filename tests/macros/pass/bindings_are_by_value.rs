//! The body owns what the pattern binds, guard or not.
#![deny(warnings)]

use kerosene::prelude::*;

struct Name(String);
struct Pair {
    left: Vec<u8>,
    right: Box<u64>,
}

fn consume(name: String) -> usize {
    name.len()
}

#[kerosene::main]
async fn main() {
    send(pid(), Name("kerosene".to_owned()));
    let length = receive! { Name(name) if name.starts_with('k') => consume(name) };
    assert_eq!(length, 8);

    send(pid(), Pair { left: vec![1, 2], right: Box::new(3) });
    let (left, right): (Vec<u8>, Box<u64>) = receive! { Pair { left, right } => (left, right) };
    assert_eq!((left, *right), (vec![1, 2], 3));
}

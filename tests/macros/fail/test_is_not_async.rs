//! `#[test]` on a plain function.

#[kerosene::test]
fn messages_arrive() {}

fn main() {}

#[kerosene::test]
fn messages_arrive() {}

fn main() {}

//! A test is a test once.

#[kerosene::test]
#[test]
async fn messages_arrive() {}

fn main() {}

#[kerosene::test]
#[test]
async fn messages_arrive() {}

fn main() {}

//! Nobody passes arguments to a test.

#[kerosene::test]
async fn messages_arrive(n: u64) {
    assert_eq!(n, 3);
}

fn main() {}

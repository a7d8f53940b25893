//! What somebody is still writing: the rest of it is looked at all the same.
use kerosene::prelude::*;

struct Order {
    amount: u64,
}

#[kerosene::main]
async fn main() {
    let amount: u64 = receive! {
        Order { amount } => amount.,
        text: String if text. => {
            let _length = text.;
            0
        }
        after Duration::ZERO. => 1,
    };
    assert_eq!(amount, 1);
}

//! A generic struct whose parameter nothing decides.

use kerosene::prelude::*;

struct Wrapped<T> {
    value: T,
}

#[kerosene::main]
async fn main() {
    receive! {
        Wrapped { value: _ } => {}
    }
}

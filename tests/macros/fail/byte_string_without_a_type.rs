//! A byte string may be an array or a slice.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        b"stop" => {}
    }
}

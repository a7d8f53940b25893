//! A guard sees the bindings, it does not own them.

use kerosene::prelude::*;

struct Text(String);

#[kerosene::main]
async fn main() {
    receive! {
        Text(text) if text.into_bytes().is_empty() => {}
    }
}

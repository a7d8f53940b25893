//! Alternatives none of which names a type.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        first | first => drop(first),
        _ | _ => {}
    }
}

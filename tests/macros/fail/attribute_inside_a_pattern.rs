//! `#[cfg]` belongs before an arm.

use kerosene::prelude::*;

struct Pair {
    left: u64,
    right: u64,
}

#[kerosene::main]
async fn main() {
    receive! {
        Pair { #[cfg(debug_assertions)] left, .. } => {}
    }
}

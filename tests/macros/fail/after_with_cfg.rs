//! A time-out cannot be conditional.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => {}
        #[cfg(debug_assertions)]
        after Duration::ZERO => {}
    }
}

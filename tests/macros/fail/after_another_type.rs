//! A time that is no `Duration` is blamed where it is written.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    let timeout_ms = 5_u64;
    receive! {
        Ping => {}
        after timeout_ms + 1 => {}
    }
}

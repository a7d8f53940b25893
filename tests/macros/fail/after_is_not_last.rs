//! The time-out comes last.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        after Duration::ZERO => {}
        Ping => {}
    }
}

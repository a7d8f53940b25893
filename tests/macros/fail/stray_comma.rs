//! A comma where an arm should begin.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => {},,
        _ => {}
    }
}

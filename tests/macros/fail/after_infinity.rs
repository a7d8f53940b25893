//! Erlang's `infinity` is `Duration::MAX`, or no `after` at all.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => {}
        after infinity => {}
    }
}

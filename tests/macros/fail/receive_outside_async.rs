//! Only an `async` function can wait.

use kerosene::prelude::*;

struct Ping;

fn wait() {
    receive! { Ping => {} }
}

fn main() {
    wait();
}

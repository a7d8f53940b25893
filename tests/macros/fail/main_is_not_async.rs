//! `#[main]` on a plain function; its body is still type-checked.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
fn main() {
    receive! { Ping => {} }
}

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
fn main() {
    receive! { Ping => {} }
}

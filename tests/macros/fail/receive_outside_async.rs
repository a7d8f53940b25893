use kerosene::prelude::*;

struct Ping;

fn wait() {
    receive! { Ping => {} }
}

fn main() {
    wait();
}

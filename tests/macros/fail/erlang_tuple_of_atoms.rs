//! Erlang's tuples are Rust's structs.

use kerosene::prelude::*;

struct Pong;

#[kerosene::main]
async fn main() {
    receive! {
        {ping, from} => send(from, Pong),
        Pong => {}
    }
}

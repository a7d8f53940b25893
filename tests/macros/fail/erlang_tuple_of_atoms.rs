use kerosene::prelude::*;

struct Pong;

#[kerosene::main]
async fn main() {
    receive! {
        {ping, from} => send(from, Pong),
        Pong => {}
    }
}

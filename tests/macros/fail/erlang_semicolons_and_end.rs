//! Erlang's separators.

use kerosene::prelude::*;

struct Ping;
struct Pong;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => println!("ping");
        Pong => println!("pong")
    end
    }
}

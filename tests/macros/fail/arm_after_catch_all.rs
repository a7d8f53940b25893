//! Nothing can stand behind a catch-all; one report for all that does.

use kerosene::prelude::*;

struct Ping;
struct Pong;

#[kerosene::main]
async fn main() {
    receive! {
        other => println!("{}", other.type_name()),
        Ping => {}
        Pong => {}
    }
}

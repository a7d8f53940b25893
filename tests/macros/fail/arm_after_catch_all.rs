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

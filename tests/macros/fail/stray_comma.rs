use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => {},,
        _ => {}
    }
}

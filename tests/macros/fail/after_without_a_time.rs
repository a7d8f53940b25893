//! `after` alone is neither a time-out nor a binding.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => {}
        after => println!("late"),
    }
    receive! {
        Ping => {}
        after if true => println!("late"),
    }
}

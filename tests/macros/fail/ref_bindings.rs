//! Bindings are by value.

use kerosene::prelude::*;

struct Text(String);
struct Pair {
    left: String,
    right: String,
}

#[kerosene::main]
async fn main() {
    receive! {
        Text(ref text) => println!("{text}"),
        Pair { ref left, ref mut right } => {
            right.push('!');
            println!("{left}{right}");
        }
    }
}

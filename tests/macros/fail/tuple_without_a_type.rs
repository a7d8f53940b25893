//! A tuple whose parts do not all name their types.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        (name, age) => println!("{name} {}", age + 1),
        (Ping(n), m) | (Ping(m), n) => println!("{n} {m}"),
        whole @ (_, ..) => println!("{}", whole.0),
    }
}

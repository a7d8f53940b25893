//! A misspelled unit struct is an unknown name, not a binding.

use kerosene::prelude::*;

struct Ping;
struct Pong(u64);
const LIMIT: u64 = 5;

#[kerosene::main]
async fn main() {
    receive! { Pnig => drop(Ping) }
    receive! { Pogn(n) => drop(Pong(n + LIMIT)) }
}

//! Bodies and guards that are no expressions, while the other arms go on.

use kerosene::prelude::*;

struct Ping(u64);
struct Pong;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {
        Ping(n) => n.,
        Pong => { let x = ; 5 }
        m: u64 if m. => m,
    };
    println!("{n}");
}

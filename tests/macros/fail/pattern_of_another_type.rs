//! Types that contradict their pattern, outside and inside.

use kerosene::prelude::*;

struct Ping(u64);

#[kerosene::main]
async fn main() {
    receive! {
        Ping(n): u64 => println!("{n}"),
        Ping("text") => {}
        "text": String => {}
    }
}

//! A macro would hide the names that its pattern binds.

use kerosene::prelude::*;

struct Ping(u64);

#[expect(unused_macros, reason = "it is refused where it is used")]
macro_rules! ping {
    ($name:ident) => { Ping($name) };
}

#[kerosene::main]
async fn main() {
    receive! {
        ping!(n) => println!("{n}"),
    }
}

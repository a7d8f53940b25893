use kerosene::prelude::*;

struct Ping(u64);

macro_rules! ping {
    ($name:ident) => { Ping($name) };
}

#[kerosene::main]
async fn main() {
    receive! {
        ping!(n) => println!("{n}"),
    }
}

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    let n: u64 = receive! {};
    println!("{n}");
}

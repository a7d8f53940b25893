use kerosene::prelude::*;

struct Ping;
struct Pong(u64);
const LIMIT: u64 = 5;

#[kerosene::main]
async fn main() {
    receive! { Pnig => println!("{}", drop(Ping)) }
    receive! { Pogn(n) => println!("{n} {}", drop(Pong(LIMIT))) }
}

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        [first, .., last] => println!("{first} {last}"),
    }
}

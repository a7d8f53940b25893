use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        b"stop" => {}
    }
}

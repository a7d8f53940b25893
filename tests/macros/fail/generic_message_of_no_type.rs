use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        Some(n) => drop(n),
        after Duration::ZERO => {}
    }
}

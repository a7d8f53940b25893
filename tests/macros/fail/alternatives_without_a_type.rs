use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        first | first => drop(first),
        _ | _ => {}
    }
}

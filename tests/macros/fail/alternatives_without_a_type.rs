use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! {
        first | second => drop((first, second)),
        _ | _ => {}
    }
}

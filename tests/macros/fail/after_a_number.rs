//! Erlang counts milliseconds; `after` takes a `Duration`.

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    receive! { after 1000 => {} }
    receive! { after 5_000u64 => {} }
    receive! { after 0.5 => {} }
    receive! { after "5s" => {} }
    receive! { after "50us" => {} }
}

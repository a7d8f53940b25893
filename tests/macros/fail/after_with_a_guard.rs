//! A time-out has no guard.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    let is_patient = false;
    receive! {
        Ping => {}
        after Duration::ZERO if !is_patient => {}
    }
}

//! There is one time-out.

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    receive! {
        Ping => {}
        after Duration::ZERO => {}
        after Duration::MAX => {}
    }
}

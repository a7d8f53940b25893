//! A `receive!` with a time-out only takes no message.
#![deny(warnings)]

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    send(pid(), 1_u64);
    let late = receive! { after Duration::from_millis(1) => true };
    assert!(late);
    receive! { after Duration::ZERO => {} }
    let n = receive! { n: u64 => n, after Duration::MAX => 0 };
    assert_eq!(n, 1);
}

//! `#[cfg]` before an arm decides whether it is there, types and all.
#![deny(warnings)]

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    send(pid(), 1_u64);
    let n = receive! {
        #[cfg(any())]
        n: NoSuchType => no_such_function(n),
        #[cfg(any())]
        _ => 1,
        #[cfg(all())]
        n: u64 => n + 1,
        #[cfg(any())]
        Missing { field } if field > 3 => 3,
    };
    assert_eq!(n, 2);
}

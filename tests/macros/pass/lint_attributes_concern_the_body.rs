//! Other attributes stay with the arm they are written at.
#![deny(warnings)]

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    send(pid(), (1_u64, 2_u64));
    let n = receive! {
        #[expect(unused_variables, reason = "one part is enough")]
        (unused, n): (u64, u64) => n,
        #[expect(unused_variables, reason = "its type is enough")]
        unused: char => 3,
        #[deny(unreachable_code)]
        after Duration::ZERO => 4,
    };
    assert_eq!(n, 2);
}

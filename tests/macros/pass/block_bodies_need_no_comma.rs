//! As in `match`: after `}` of a block, `if`, `match` or loop the comma may be left out.
#![deny(warnings)]

use kerosene::prelude::*;

#[kerosene::main]
async fn main() {
    for n in 0..6_u64 {
        send(pid(), n);
    }
    let mut total = 0;
    for _ in 0..6 {
        total += receive! {
            0: u64 => { 1 }
            1: u64 => { 2 },
            2: u64 => if total > 0 { 3 } else { 4 }
            3: u64 => match total { 0 => 5, n => n }
            4: u64 => const { 6 }
            -1: i64 => loop { break 7 }
            _: u64 => 8
        };
    }
    assert_eq!(total, 1 + 2 + 3 + 6 + 6 + 8);
}

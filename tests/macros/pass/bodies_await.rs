//! A body may wait; the process is no longer in the outer `receive!` then.
#![deny(warnings)]

use std::future::ready;

use kerosene::prelude::*;

struct Request(u64);
struct Reply(u64);

async fn double(n: u64) -> u64 {
    send(pid(), Reply(2 * n));
    receive! { Reply(n) => ready(n).await }
}

#[kerosene::main]
async fn main() {
    send(pid(), Request(4));
    let n = receive! {
        Request(n) if n > 3 => double(n).await + ready(1).await,
        Request(n) => n,
    };
    assert_eq!(n, 9);
}

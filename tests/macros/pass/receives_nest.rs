//! In a body, and in the value of a time; the inner one starts at the head of the mailbox.
#![deny(warnings)]

use kerosene::prelude::*;

struct Outer;
struct Inner(u64);

#[kerosene::main]
async fn main() {
    send(pid(), Inner(1));
    send(pid(), Outer);
    send(pid(), Inner(2));
    let (first, second) = receive! {
        Outer => {
            let first = receive! {
                Inner(n) => n,
                after receive! {
                    time: Duration => time,
                    after Duration::ZERO => Duration::MAX,
                } => 0,
            };
            (first, receive! { Inner(n) => receive! { after Duration::ZERO => n } })
        }
    };
    assert_eq!((first, second), (1, 2));
}

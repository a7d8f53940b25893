//! What matches no arm stays in the mailbox, in order, and so does what a guard rejects.
#![deny(warnings)]

use kerosene::prelude::*;

struct Stop;

#[kerosene::main]
async fn main() {
    send(pid(), 1_u64);
    send(pid(), "text".to_owned());
    send(pid(), 2_u64);
    send(pid(), Stop);
    receive! {
        n: u64 if n > 9 => panic!("{n}"),
        Stop => {}
    }
    let mut rest = Vec::new();
    loop {
        receive! {
            n: u64 => rest.push(n.to_string()),
            text: String => rest.push(text),
            after Duration::ZERO => break,
        }
    }
    assert_eq!(rest, ["1", "text", "2"]);
}

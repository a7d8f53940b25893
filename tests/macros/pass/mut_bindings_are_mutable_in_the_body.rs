//! `mut` belongs to the body alone, so that nothing else warns of it.
#![deny(warnings, unused_mut)]

use kerosene::prelude::*;

struct Batch {
    items: Vec<u64>,
    size: usize,
}

#[kerosene::main]
async fn main() {
    send(pid(), Batch { items: vec![1], size: 1 });
    let total: u64 = receive! {
        Batch { mut items, size } if items.len() == size => {
            items.push(2);
            items.iter().sum()
        }
    };
    assert_eq!(total, 3);

    send(pid(), 1_u64);
    let n = receive! { mut n: u64 => { n += 1; n } };
    assert_eq!(n, 2);

    send(pid(), 1_u64);
    let n = receive! {
        mut message => {
            message = match message.downcast::<u64>() {
                Ok(n) => return assert_eq!(n, 1),
                Err(message) => message,
            };
            message.type_name()
        }
    };
    unreachable!("{n}");
}

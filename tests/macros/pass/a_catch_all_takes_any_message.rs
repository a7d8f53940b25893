//! `_`, a bare name and `name @ _` take messages of every type; with a guard, arms may follow.
#![deny(warnings)]

use kerosene::prelude::*;

struct Ping;

#[kerosene::main]
async fn main() {
    send(pid(), 5_u64);
    send(pid(), Ping);
    let name = receive! {
        other if other.is::<Ping>() => other.type_name().to_owned(),
        n: u64 if n > 5 => n.to_string(),
    };
    assert!(name.ends_with("Ping"), "{name}");

    let n = receive! { message => message.downcast::<u64>() };
    assert_eq!(n.ok(), Some(5));

    send(pid(), 'c');
    assert!(receive! { Ping => false, _ => true });

    send(pid(), 'c');
    assert!(receive! { any @ _ => any.is::<char>() });
}

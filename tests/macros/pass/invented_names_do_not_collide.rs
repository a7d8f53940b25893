//! Whatever the user calls things, the expansion neither sees nor hides it.
#![no_implicit_prelude]
#![deny(warnings)]

use ::kerosene::prelude::{Duration, pid, receive, send};
use ::std::assert_eq;

enum Selected {
    Arm0,
}
#[derive(Clone, Copy)]
struct Message(u64);
struct A0(u64);
enum Option {
    Some,
    None,
    Ok,
    Err,
}
use Option::{None, Some};

static SITE: u64 = 9;

#[::kerosene::main]
async fn main() {
    let (receive, message, candidate, bindings, selected) = (1, 2, 3, 4, 5);
    let after = Duration::ZERO;
    send(pid(), Message(1));
    send(pid(), A0(1));
    send(pid(), Selected::Arm0);
    send(pid(), Some);
    let sum = receive! {
        Message(message) if message + candidate + SITE == 13 => message + receive + bindings,
    };
    assert_eq!(sum, 6);
    let sum = receive! {
        A0(selected) if selected == 1 => selected + message + SITE,
        None: Option => 0,
        after after => selected,
    };
    assert_eq!(sum, 12);
    receive! { Selected::Arm0 => {} }
    receive! { Some => {} None: Option => {} Option::Ok | Option::Err => {} }
}

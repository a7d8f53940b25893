//! Patterns, types, guards and bodies that come from another macro, with their own hygiene.
#![deny(warnings)]

use kerosene::prelude::*;

struct Number(u64);

macro_rules! wait_for {
    ($pattern:pat $(if $guard:expr)? => $body:expr) => {{
        let n = 100;
        let found = receive! {
            $pattern $(if $guard)? => $body,
            after Duration::ZERO => n,
        };
        found
    }};
}

macro_rules! take {
    ($name:ident: $ty:ty) => {
        receive! { $name: $ty => $name }
    };
}

#[kerosene::main]
async fn main() {
    send(pid(), Number(1));
    let n = 5;
    assert_eq!(wait_for!(Number(m) if m == 2 => m), 100);
    assert_eq!(wait_for!(Number(m) => m + n), 6);
    send(pid(), 7_u64);
    assert_eq!(take!(x: u64), 7);
}

//! Strings, characters, booleans and numbers with a suffix need no type.
#![deny(warnings)]

use kerosene::prelude::*;

async fn name() -> &'static str {
    receive! {
        "stop" | "halt" => "stop",
        'x' => "letter",
        true => "yes",
        7u8 => "seven",
        -1i32 => "minus one",
        b'k' => "byte k",
        1.5f64 => "one and a half",
        "typed": &str => "typed",
        () => "unit",
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), "other");
    send(pid(), false);
    send(pid(), "halt");
    send(pid(), 'x');
    send(pid(), true);
    send(pid(), 7_u8);
    send(pid(), -1_i32);
    send(pid(), b'k');
    send(pid(), 1.5_f64);
    send(pid(), "typed");
    send(pid(), ());
    for expected in
        ["stop", "letter", "yes", "seven", "minus one", "byte k", "one and a half", "typed", "unit"]
    {
        assert_eq!(name().await, expected);
    }
}

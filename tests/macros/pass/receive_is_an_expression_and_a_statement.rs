//! With and without a semicolon, as an operand, an argument, a condition, a tail, a closure's body.
#![deny(warnings)]

use kerosene::prelude::*;

async fn tail() -> u64 {
    receive! { n: u64 => n }
}

async fn coerced() -> Box<dyn std::fmt::Display> {
    receive! {
        n: u64 => Box::new(n),
        text: &str => Box::new(text),
    }
}

#[kerosene::main]
async fn main() {
    for n in 0..8_u64 {
        send(pid(), n);
    }
    receive! { 0: u64 => {} }
    receive! { 1: u64 => {} };
    receive!(2: u64 => ());
    let sum = 1 + receive! { n: u64 => n };
    assert_eq!(sum, 4);
    assert_eq!(4, receive!(n: u64 => n));
    if receive! { n: u64 => n == 5 } {
        assert_eq!(tail().await, 6);
    }
    assert_eq!(receive! { n: u64 => n }.to_string(), "7");
    let later = async || receive! { text: &str => text.len() };
    send(pid(), "four");
    assert_eq!(later().await, 4);
    send(pid(), "boxed");
    assert_eq!(coerced().await.to_string(), "boxed");
}

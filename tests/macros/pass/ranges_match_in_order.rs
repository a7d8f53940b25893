//! Ranges of numbers with a type or a suffix, of characters, and of constants.
#![deny(warnings)]

use kerosene::prelude::*;

const LOW: u16 = 10;
const HIGH: u16 = 20;

async fn describe() -> String {
    receive! {
        n @ 1..=9: u64 => format!("small {n}"),
        10..: u64 => "large".to_owned(),
        ..0: i64 => "negative".to_owned(),
        n @ 0i8..=5 => format!("tiny {n}"),
        letter @ 'a'..='z' => format!("letter {letter}"),
        LOW..=HIGH => "between".to_owned(),
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), 0_u64);
    send(pid(), 9_u64);
    send(pid(), 10_u64);
    send(pid(), -4_i64);
    send(pid(), 5_i8);
    send(pid(), 'q');
    send(pid(), 15_u16);
    for expected in ["small 9", "large", "negative", "tiny 5", "letter q", "between"] {
        assert_eq!(describe().await, expected);
    }
}

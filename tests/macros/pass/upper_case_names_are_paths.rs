//! Unit structs, constants and unit variants, bare or qualified.
#![deny(warnings)]

use kerosene::prelude::*;

struct Tick;
const LIMIT: u32 = 7;
const NAME: &str = "name";

#[derive(Debug, PartialEq)]
enum Light {
    Red,
    Green,
}
use Light::{Green, Red};

async fn describe() -> &'static str {
    receive! {
        Tick => "tick",
        LIMIT => "limit",
        NAME => "name",
        u8::MAX => "max",
        Red | Green => "light",
        None: Option<u8> => "none",
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), 6_u32);
    send(pid(), Light::Green);
    send(pid(), Tick);
    send(pid(), u8::MAX);
    send(pid(), LIMIT);
    send(pid(), NAME);
    send(pid(), None::<u8>);
    for expected in ["light", "tick", "max", "limit", "name", "none"] {
        assert_eq!(describe().await, expected);
    }
}

//! Structs in tuples in enums, `..` everywhere it may stand, shorthand and renamed fields.
#![deny(warnings)]

use kerosene::prelude::*;

struct Envelope {
    route: (u8, u8, u8),
    body: Body,
    trace: Vec<u8>,
}
enum Body {
    Lines([u32; 4]),
    Pair(Option<String>, Result<u64, String>),
}

async fn open() -> String {
    receive! {
        Envelope { route: (first, .., last), body: Body::Lines([head, .., tail]), .. } => {
            format!("{first}-{last}: {head}..{tail}")
        }
        Envelope { body: Body::Pair(Some(name), Ok(n @ 1..=9)), route, .. } => {
            format!("{route:?} {name} {n}")
        }
        Envelope { body: Body::Pair(None, Err(text)), route: (1, ..), trace: _ } => text,
        Envelope { .. } => "other".to_owned(),
    }
}

#[kerosene::main]
async fn main() {
    let bodies = [
        Body::Lines([1, 2, 3, 4]),
        Body::Pair(Some("n".to_owned()), Ok(9)),
        Body::Pair(None, Err("wrong".to_owned())),
        Body::Pair(Some("n".to_owned()), Ok(10)),
    ];
    for body in bodies {
        send(pid(), Envelope { route: (1, 2, 3), body, trace: Vec::new() });
    }
    for expected in ["1-3: 1..4", "(1, 2, 3) n 9", "wrong", "other"] {
        assert_eq!(open().await, expected);
    }
}

//! `pattern: Type` where no path names the type; elided lifetimes are `'static`.
#![deny(warnings)]

use std::borrow::Cow;
use std::collections::HashMap;

use kerosene::prelude::*;

type Task = Box<dyn Fn(&str) -> usize + Send>;

async fn describe() -> String {
    receive! {
        (name, count): (String, u32) => format!("{name} {count}"),
        [first, .., last]: [u8; 4] => format!("{first} {last}"),
        [] | [_]: &[u8] => "short".to_owned(),
        [first, rest @ ..]: &[u8] => format!("{first} and {}", rest.len()),
        &n: &u64 => format!("&{n}"),
        text: &str if text.len() > 3 => text.to_owned(),
        Cow::Borrowed(text): Cow<'_, str> => format!("borrowed {text}"),
        task: Task => task("four").to_string(),
        function: fn(&str) -> usize => function("three").to_string(),
        table: HashMap<&str, Vec<u8>> => table.len().to_string(),
        Some((a, b)): Option<(i8, i8)> => format!("{a}{b}"),
        1 | 2: u128 => "one or two".to_owned(),
        x: <Vec<i16> as IntoIterator>::Item => format!("item {x}"),
    }
}

#[kerosene::main]
async fn main() {
    static NUMBER: &u64 = &6;
    send(pid(), ("name".to_owned(), 2_u32));
    send(pid(), [1_u8, 2, 3, 4]);
    send::<&[u8]>(pid(), b"");
    send::<&[u8]>(pid(), b"\x09\x08\x07");
    send(pid(), NUMBER);
    send(pid(), "no");
    send(pid(), "long enough");
    send(pid(), Cow::Borrowed("text"));
    send(pid(), Box::new(str::len) as Task);
    send(pid(), str::len as fn(&str) -> usize);
    send(pid(), HashMap::from([("a", vec![1_u8])]));
    send(pid(), Some((1_i8, 2_i8)));
    send(pid(), 2_u128);
    send(pid(), 3_i16);
    for expected in [
        "name 2",
        "1 4",
        "short",
        "9 and 2",
        "&6",
        "long enough",
        "borrowed text",
        "4",
        "5",
        "1",
        "12",
        "one or two",
        "item 3",
    ] {
        assert_eq!(describe().await, expected);
    }
}

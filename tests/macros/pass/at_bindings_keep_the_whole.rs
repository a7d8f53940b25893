//! `name @ pattern`, with an upper-case name too, for a name before `@` is always a binding.
#![deny(warnings)]

use kerosene::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    x: i32,
    y: i32,
}

#[kerosene::main]
async fn main() {
    send(pid(), Point { x: 1, y: 0 });
    send(pid(), Point { x: 1, y: 2 });
    let (whole, y) = receive! { whole @ Point { x: 1, y: y @ 2.. } => (whole, y) };
    assert_eq!((whole, y), (Point { x: 1, y: 2 }, 2));

    #[expect(non_snake_case, reason = "it is what this shows")]
    let whole = receive! { P @ (Point { x: 0, .. } | Point { x: 1, .. }) if P.y == 0 => P };
    assert_eq!(whole, Point { x: 1, y: 0 });
}

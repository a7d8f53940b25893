//! Alternatives, also with a leading `|`, nested, and with a guard for all of them.
#![deny(warnings)]

use kerosene::prelude::*;

enum Shape {
    Circle(u64),
    Sphere { radius: u64 },
    Point,
    Named(String, u64),
}

async fn radius() -> u64 {
    receive! {
        | Shape::Circle(r) | Shape::Sphere { radius: r } if r > 0 => r,
        Shape::Named(_, mut r) | Shape::Circle(mut r) => {
            r += 100;
            r
        }
        Shape::Point | Shape::Sphere { .. } => 0,
    }
}

#[kerosene::main]
async fn main() {
    send(pid(), Shape::Circle(1));
    send(pid(), Shape::Sphere { radius: 2 });
    send(pid(), Shape::Point);
    send(pid(), Shape::Named("n".to_owned(), 3));
    send(pid(), Shape::Circle(0));
    send(pid(), Shape::Sphere { radius: 0 });
    for expected in [1, 2, 0, 103, 100, 0] {
        assert_eq!(radius().await, expected);
    }

    send(pid(), Some(5_u64));
    let n = receive! { Some(n @ (1 | 5)): Option<u64> => n };
    assert_eq!(n, 5);
}

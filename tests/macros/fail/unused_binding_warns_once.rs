//! Lints speak of the user's token, and once.
#![deny(unused_variables, unused_mut)]

use kerosene::prelude::*;

enum Shape {
    Circle { radius: u64 },
    Sphere(u64),
}

#[kerosene::main]
async fn main() {
    receive! {
        Shape::Circle { radius } | Shape::Sphere(radius) => {}
        mut n: u64 if n > 3 => println!("{n}"),
        text: String => {}
    }
}

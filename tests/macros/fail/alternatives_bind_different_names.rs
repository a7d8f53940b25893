//! All alternatives bind the same names.

use kerosene::prelude::*;

enum Shape {
    Circle(u64),
    Square(u64),
}

#[kerosene::main]
async fn main() {
    receive! {
        Shape::Circle(radius) | Shape::Square(side) => println!("{radius} {side}"),
    }
}

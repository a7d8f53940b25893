//! A message crosses threads; the blame is on the pattern or the type.

use std::rc::Rc;

use kerosene::prelude::*;

struct Ping(Rc<u64>);

#[kerosene::main]
async fn main() {
    receive! { Ping(n) => println!("{n}") }
    receive! { n: Rc<u64> => println!("{n}") }
}

//! A process moves between threads; the blame is on the function.

use std::rc::Rc;

#[kerosene::main]
async fn main() {
    let n = Rc::new(3);
    std::future::ready(()).await;
    println!("{n}");
}

//! A thread without work that does not sleep at once.
#![deny(warnings)]

#[kerosene::main(busy_wait = "50us")]
async fn main() {
    assert!(kerosene::process_count() > 0);
}

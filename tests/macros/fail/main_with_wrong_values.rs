//! Values of another type, no value, zero, and no name.

#[kerosene::main(worker_threads = "2", name = shop, stop_deadline = 5)]
async fn main() {}

#[kerosene::main(worker_threads = 0, name, 5)]
async fn second() {}

//! A slip, a part of a name, a foreign name, one of `#[test]`'s.

#[kerosene::main(worker_thread = 2, deadline = "5s", flavor = "current_thread", seeds = 3)]
async fn main() {}

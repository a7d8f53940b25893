#[kerosene::main(worker_thread = 2, deadline = "5s", flavor = "current_thread", seeds = 3)]
async fn main() {}

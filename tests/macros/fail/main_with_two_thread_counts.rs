//! Two ways to say on how many threads to run.

#[kerosene::main(spare_cores = 1, worker_threads = 2)]
async fn main() {}

#[kerosene::main(worker_threads = 2, spare_cores = "one")]
async fn second() {}

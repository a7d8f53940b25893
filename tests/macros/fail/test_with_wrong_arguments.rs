//! Arguments that the scheduler of the test has no use for.

#[kerosene::test(seeds = 0)]
async fn no_seeds() {}

#[kerosene::test(seeds = 20, real)]
async fn seeds_with_real() {}

#[kerosene::test(worker_threads = 2)]
async fn threads_without_real() {}

#[kerosene::test(real = true, sed = 3, stop_deadline = "5s")]
async fn others() {}

fn main() {}

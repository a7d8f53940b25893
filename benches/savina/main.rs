//! From the Savina suite of actor benchmarks (Shams Imam and Vivek Sarkar, AGERE 2014): those about
//! messages and those about concurrency, with the paper's parameters.
//!
//! ```text
//! cargo bench --bench savina                  # all, on one worker and on all cores
//! cargo bench --bench savina -- ring bank     # those whose name contains a word
//! cargo bench --bench savina -- --test        # tiny counts, to see that everything runs
//! ```
//!
//! A module is a benchmark; it says what an operation is, and checks its own result. Where plain
//! tokio needs no more than tasks and channels, the same is beside it. What the suite draws at
//! random is drawn from a fixed seed, so that each round does the same.

mod bank;
mod barber;
mod big;
mod chameneos;
mod counting;
mod dictionary;
mod fork_join;
mod philosophers;
mod producer_consumer;
mod smokers;
mod thread_ring;
mod work;

use bench_harness::{Workers, Workload};

fn main() {
    let timed = Workload::timed;
    bench_harness::main(
        Workers::OneAndAll,
        &[
            timed("counting", 1_000_000, counting::run).beside(counting::on_plain_tokio),
            timed("fork-join create", 40_000, fork_join::create)
                .beside(fork_join::create_on_plain_tokio),
            timed("fork-join throughput", 600_000, fork_join::throughput)
                .beside(fork_join::throughput_on_plain_tokio),
            timed("thread ring", 100_000, thread_ring::run).beside(thread_ring::on_plain_tokio),
            timed("chameneos", 200_000, chameneos::run).beside(chameneos::on_plain_tokio),
            timed("big", 2_400_000, big::run).beside(big::on_plain_tokio),
            timed("concurrent dictionary", 200_000, dictionary::run)
                .beside(dictionary::on_plain_tokio),
            timed("producer-consumer", 40_000, producer_consumer::run),
            timed("dining philosophers", 200_000, philosophers::run)
                .beside(philosophers::on_plain_tokio),
            timed("sleeping barber", 5000, barber::run),
            timed("cigarette smokers", 1000, smokers::run).beside(smokers::on_plain_tokio),
            timed("bank transaction", 50_000, bank::run),
        ],
    );
}

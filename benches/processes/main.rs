//! What processes and messages cost, each beside the same work on plain tokio tasks and channels in
//! the same run.
//!
//! ```text
//! cargo bench --bench processes                     # all workloads, one worker and all cores
//! cargo bench --bench processes -- ping spawn       # those whose name contains a word
//! cargo bench --bench processes -- --test           # tiny counts, to see that everything runs
//! ```

mod on_kerosene;
mod on_tokio;

use bench_harness::{Workers, Workload};

fn main() {
    let timed = Workload::timed;
    bench_harness::main(
        Workers::OneAndAll,
        &[
            // The first: an end looks at every slot that there has been.
            timed("start and end of a runtime", 100, on_kerosene::start_up)
                .beside(on_tokio::start_up),
            timed("ping-pong", 500_000, on_kerosene::ping_pong).beside(on_tokio::ping_pong),
            timed("flood 1 to 1", 3_000_000, |w, n| on_kerosene::flood(w, n, 1))
                .beside(|w, n| on_tokio::flood(w, n, 1)),
            timed("flood 8 to 1", 3_000_000, |w, n| on_kerosene::flood(w, n, 8))
                .beside(|w, n| on_tokio::flood(w, n, 8)),
            timed("flood 1000 to 1", 3_000_000, |w, n| on_kerosene::flood(w, n, 1000))
                .beside(|w, n| on_tokio::flood(w, n, 1000)),
            timed("flood 1 to 100", 3_000_000, on_kerosene::fan_out).beside(on_tokio::fan_out),
            timed("ring of 1000, 1 token", 1_000_000, |w, n| on_kerosene::ring(w, n, 1))
                .beside(|w, n| on_tokio::ring(w, n, 1)),
            timed("ring of 1000, 100 tokens", 3_000_000, |w, n| on_kerosene::ring(w, n, 100))
                .beside(|w, n| on_tokio::ring(w, n, 100)),
            timed("message of 64 bytes", 300_000, on_kerosene::big::<64>)
                .beside(on_tokio::big::<64>),
            timed("message of 1 KiB", 300_000, on_kerosene::big::<1024>)
                .beside(on_tokio::big::<1024>),
            timed("message of 64 KiB", 20_000, on_kerosene::big::<65_536>)
                .beside(on_tokio::big::<65_536>),
            timed("message of 1 MiB", 2_000, on_kerosene::big::<1_048_576>)
                .beside(on_tokio::big::<1_048_576>),
            timed("spawn idle", 500_000, on_kerosene::spawn_idle).beside(on_tokio::spawn_idle),
            timed("spawn, message, exit", 500_000, on_kerosene::spawn_message_exit)
                .beside(on_tokio::spawn_message_exit),
            timed("skynet", 1_111_111, on_kerosene::skynet).beside(on_tokio::skynet),
            timed("request, empty mailbox", 300_000, |w, n| on_kerosene::request(w, n, 0)),
            timed("request, 1000 waiting", 300_000, |w, n| on_kerosene::request(w, n, 1000)),
            timed("request, 100 000 waiting", 300_000, |w, n| on_kerosene::request(w, n, 100_000)),
            timed("request, 100 000 of its type waiting", 200, on_kerosene::guarded_request),
            timed("request with after", 300_000, on_kerosene::request_with_after),
            timed("call", 500_000, on_kerosene::call_server).beside(on_tokio::call),
            timed("call, 100 000 waiting", 300_000, on_kerosene::call_behind),
            timed("call of an actor", 500_000, on_kerosene::call_actor).beside(on_tokio::call),
        ],
    );
}

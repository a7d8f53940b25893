//! The memory of a mailbox: rule KRS-17 of SEMANTICS.md.
//!
//! A file of its own, with one test: the allocator counts for the whole OS process, so whatever
//! else runs in it would be counted too.

use std::alloc::System;

use kerosene::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn allocated() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

#[kerosene::test(real)]
async fn a_mailbox_gives_its_memory_back() {
    const BURST: usize = 400_000;
    const MUCH: usize = BURST * size_of::<Message>() / 2;
    let before = allocated();
    let receiver = spawn(async {
        loop {
            // The first receive passes over the whole burst, the second takes it.
            receive! { "passed over" => () }
            for _ in 0..BURST {
                receive! { _: usize => () }
            }
            receive! { from: Pid => send(from, "empty") }
        }
    });
    for round in 0..2 {
        for n in 0..BURST {
            send(receiver, n);
        }
        let used = allocated().saturating_sub(before);
        assert!(used > MUCH, "round {round}: {used} bytes hold the burst");
        send(receiver, "passed over");
        send(receiver, pid());
        receive! { "empty" => () }
        let kept = allocated().saturating_sub(before);
        assert!(kept < MUCH, "round {round}: {kept} bytes are kept after it");
    }
}

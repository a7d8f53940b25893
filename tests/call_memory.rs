//! The memory of calls: rule KRS-17 of SEMANTICS.md.
//!
//! A file of its own, with one test: the allocator counts for the whole OS process, so whatever
//! else runs in it would be counted too.

use std::alloc::System;

use kerosene::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

struct Square(u64);

impl Request for Square {
    type Reply = u64;
}

#[kerosene::actor]
mod squares {
    pub(crate) struct Squares;

    impl Squares {
        #[init]
        pub(crate) fn new() -> Self {
            Self
        }

        #[call]
        pub(crate) fn square(&mut self, number: u64) -> u64 {
            number * number
        }
    }
}

#[kerosene::test(real)]
async fn a_call_and_its_answer_allocate_nothing() {
    const CALLS: u64 = 10_000;
    let server = spawn(async {
        loop {
            receive! { Call { request: Square(n), reply_to } => reply_to.reply(n * n) }
        }
    });
    let squares = squares::start().await.expect("it starts");
    for round in 0..2 {
        let before = ALLOCATOR.stats().allocations;
        for n in 0..CALLS {
            assert_eq!(call(server, Square(n)).await, Ok(n * n));
            assert_eq!(squares.square(n).await, Ok(n * n));
        }
        let allocations = ALLOCATOR.stats().allocations - before;
        // The first round fills what is used again; a timer is set once in ten milliseconds.
        assert!(round == 0 || allocations < 1000, "{allocations} allocations");
    }
}

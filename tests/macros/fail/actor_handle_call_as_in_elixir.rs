//! Each request is a method.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        pub fn handle_call(&mut self, by: u64) -> u64 {
            by
        }

        fn handle_info(&mut self, message: Message) {}
    }
}

fn main() {}

//! Every mistake is reported, and nothing follows from any of them.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub fn new(&self) -> Self {
            Self { count: 0 }
        }

        #[call(timeout = 5)]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }

        #[call]
        pub fn find(name: &str) -> u64 {
            0
        }

        #[cast]
        pub fn wait(&mut self, reply_to: ReplyTo<u8>) {}

        #[info]
        fn tick(&mut self) {}

        #[terminated]
        fn bye(self) {}
    }
}

fn main() {}

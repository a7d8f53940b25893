//! Callbacks are called by the server.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub unsafe fn add(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}

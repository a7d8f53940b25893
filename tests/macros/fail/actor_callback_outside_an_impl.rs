//! Callbacks are methods.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter;

    #[call]
    pub fn add(by: u64) -> u64 {
        by
    }

    impl Counter {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

fn main() {}

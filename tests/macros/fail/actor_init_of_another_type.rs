//! It returns the state, and nothing else.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub fn new() -> u64 {
            0
        }

        #[call]
        pub fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            self.count
        }
    }
}

fn main() {}

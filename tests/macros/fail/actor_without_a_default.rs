//! A state without `#[init]` is its default.

#[kerosene::actor]
pub mod counter {
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            self.count
        }
    }
}

fn main() {}

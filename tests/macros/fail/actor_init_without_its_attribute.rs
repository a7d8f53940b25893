//! An `init` that nobody calls.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        pub fn init(count: u64) -> Self {
            Self { count }
        }

        #[call]
        pub fn add(&mut self, by: u64) -> u64 {
            self.count += by;
            self.count
        }
    }
}

fn main() {}

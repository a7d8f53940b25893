//! A number of what?

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call(timeout = 5000)]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }

        #[call(timeout = "30")]
        pub fn sub(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}

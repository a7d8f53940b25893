//! There are two arguments.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call(timeuot = "5s")]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }

        #[call(retries = 3)]
        pub fn sub(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}

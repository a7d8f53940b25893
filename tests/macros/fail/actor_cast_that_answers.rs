//! A cast returns nothing for its caller.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[cast]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}

//! Arguments stand in parentheses.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call = "5s"]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}

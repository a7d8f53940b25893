//! It is a string.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call(timeout = infinity)]
        pub fn add(&mut self, by: u64) -> u64 {
            by
        }

        #[call(timeout = "soon")]
        pub fn sub(&mut self, by: u64) -> u64 {
            by
        }
    }
}

fn main() {}

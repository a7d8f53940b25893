//! An argument needs a name.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn sum(&self, (a, b): (u64, u64)) -> u64 {
            a + b
        }
    }
}

fn main() {}

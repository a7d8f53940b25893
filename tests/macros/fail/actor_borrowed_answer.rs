//! So does the answer.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn count(&self) -> &u64 {
            &self.count
        }
    }
}

fn main() {}

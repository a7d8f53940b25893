//! So has the answer.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn all(&self) -> impl Iterator<Item = u64> {
            0..self.count
        }
    }
}

fn main() {}

//! A call borrows the state.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn finish(self) -> u64 {
            self.count
        }
    }
}

fn main() {}

//! One actor, one state.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn count(&self) -> u64 {
            self.count
        }
    }

    pub struct Other;

    impl Other {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

fn main() {}

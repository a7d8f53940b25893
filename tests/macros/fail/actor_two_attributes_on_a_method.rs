//! A method is one callback.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        #[cast]
        pub fn add(&mut self, by: u64) {
            self.count += by;
        }
    }
}

fn main() {}

//! Only `#[call]` and `#[info]` take any.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[cast(timeout = "5s")]
        pub fn add(&mut self, by: u64) {
            self.count += by;
        }
    }
}

fn main() {}

//! A message has one type.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn find<T: Into<u64>>(&self, what: T) -> bool {
            what.into() == self.count
        }
    }
}

fn main() {}

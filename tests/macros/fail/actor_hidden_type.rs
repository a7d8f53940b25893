//! A message has a type with a name.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn find(&self, name: impl Into<String>) -> bool {
            name.into().is_empty()
        }
    }
}

fn main() {}

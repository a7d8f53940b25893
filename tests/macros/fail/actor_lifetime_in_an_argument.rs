//! A message cannot borrow.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn find(&self, name: std::borrow::Cow<'_, str>) -> bool {
            name.is_empty()
        }
    }
}

fn main() {}

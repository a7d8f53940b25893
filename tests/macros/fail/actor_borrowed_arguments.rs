//! What is asked travels, so it is owned.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn find(&self, name: &str, path: &[u8]) -> bool {
            name.len() == path.len()
        }
    }
}

fn main() {}

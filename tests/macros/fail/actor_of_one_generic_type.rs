//! The state is named by one word.

#[kerosene::actor]
pub mod holder {
    pub struct Holder<T>(T);

    impl Holder<u64> {
        #[call]
        pub fn get(&self) -> u64 {
            self.0
        }
    }
}

fn main() {}

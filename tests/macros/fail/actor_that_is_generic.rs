//! The messages of an actor have one type.

#[kerosene::actor]
pub mod holder {
    pub struct Holder<T>(T);

    impl<T: Clone + Send + 'static> Holder<T> {
        #[call]
        pub fn get(&self) -> T {
            self.0.clone()
        }
    }
}

fn main() {}

//! Attributes that other frameworks have.

#[kerosene::actor]
mod counter {
    #[derive(Default)]
    pub struct Counter(u64);

    impl Counter {
        #[call]
        pub fn count(&mut self) -> u64 {
            self.0
        }

        #[handle_cast]
        pub fn reset(&mut self) {
            self.0 = 0;
        }

        #[handle_continue]
        pub fn go_on(&mut self) {}

        #[message]
        pub fn add(&mut self, by: u64) {
            self.0 += by;
        }
    }
}

fn main() {}

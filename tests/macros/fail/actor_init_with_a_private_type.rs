//! The types that an actor is started with are as public as the actor.

struct Price(u64);

#[kerosene::actor]
pub mod counter {
    pub struct Counter {
        price: super::Price,
    }

    impl Counter {
        #[init]
        pub fn new(price: super::Price) -> Self {
            Self { price }
        }

        #[call]
        pub fn price(&self) -> u64 {
            self.price.0
        }
    }
}

fn main() {}

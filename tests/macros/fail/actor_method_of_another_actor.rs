//! References are typed.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter;

    impl Counter {
        #[cast]
        pub fn reset(&mut self) {}
    }
}

#[kerosene::actor]
pub mod lamp {
    #[derive(Default)]
    pub struct Lamp;

    impl Lamp {
        #[cast]
        pub fn shine(&mut self) {}
    }
}

async fn confused(counter: counter::Ref, lamp: lamp::Ref) {
    counter.shine();
    assert!(counter == lamp);
}

fn main() {
    let _ = confused;
}

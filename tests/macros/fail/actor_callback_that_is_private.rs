//! Visibility is the callback's.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter;

    impl Counter {
        #[cast]
        fn reset(&mut self) {}
    }

    pub fn reset(counter: Ref) {
        counter.reset();
    }
}

fn reset(counter: counter::Ref) {
    counter.reset();
}

fn main() {
    let _ = reset;
}

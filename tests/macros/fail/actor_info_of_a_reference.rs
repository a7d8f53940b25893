//! A message belongs to who receives it.

#[kerosene::actor]
pub mod counter {
    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[info]
        fn text(&mut self, text: &String) {}
    }
}

fn main() {}

//! Nothing says what the answer is.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[call]
        pub fn wait(&mut self, reply_to: ReplyTo) {
            reply_to.reply(1);
        }
    }
}

fn main() {}

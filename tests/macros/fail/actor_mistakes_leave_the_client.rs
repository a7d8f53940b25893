//! Callbacks that are refused, and code that uses them: one message for each mistake, and none for
//! the code.

#[kerosene::actor]
pub mod counter {
    use kerosene::prelude::*;

    pub struct Counter {
        count: u64,
    }

    impl Counter {
        #[init]
        pub fn new(&self, count: u64) -> Self {
            Self { count }
        }

        #[call]
        pub fn without_self(by: u64) -> u64 {
            by
        }

        #[call]
        pub fn borrowed(&mut self, name: &str) -> usize {
            name.len()
        }

        #[call]
        pub fn pattern(&mut self, (a, b): (u64, u64)) -> u64 {
            a + b
        }

        #[call]
        pub fn not_last(&mut self, reply_to: ReplyTo<u64>, by: u64) {
            reply_to.reply(by);
        }

        #[call]
        pub fn twice(&mut self, first: ReplyTo<u64>, second: ReplyTo<u64>) {
            first.reply(1);
            second.reply(2);
        }

        #[call]
        pub fn hidden(&mut self) -> impl Iterator<Item = u64> + use<> {
            0..3
        }

        #[cast]
        pub fn answered(&mut self, reply_to: ReplyTo<u64>) {
            reply_to.reply(1);
        }
    }
}

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let counter = counter::start_link(3).await?;
    let sum: u64 = counter.without_self(1).await? + counter.pattern((1, 2)).await?;
    let length: usize = counter.borrowed("name").await?;
    let answers: u64 = counter.not_last(1).await? + counter.twice().await?;
    counter.hidden().await?;
    let answer: u64 = counter.answered().await?;
    println!("{sum} {length} {answers} {answer}");
    Ok(())
}

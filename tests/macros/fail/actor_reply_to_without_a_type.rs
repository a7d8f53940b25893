//! Nothing says what the answer is. Who asks for it has made no mistake.

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

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let counter = counter::start_link().await?;
    let count: u64 = counter.wait().await?;
    println!("{count} {}", counter.wait().await?);
    Ok(())
}

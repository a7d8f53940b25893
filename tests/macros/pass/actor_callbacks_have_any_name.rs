//! Callbacks whose names are those of `GenServer`'s own.
#![deny(warnings)]

use kerosene::prelude::*;

#[kerosene::actor]
mod server {
    use kerosene::prelude::*;

    #[derive(Default)]
    pub struct Server {
        seen: u32,
    }

    impl Server {
        #[call]
        pub fn handle_request(&self) -> u32 {
            self.seen
        }

        #[cast]
        pub async fn handle_continue(&mut self) {
            self.seen += 1;
        }

        #[info]
        fn handle_info(&mut self, by: u32) {
            self.seen += by;
        }

        #[terminate]
        fn terminate(&mut self, reason: &ExitReason) {
            assert_eq!(*reason, ExitReason::Normal);
            self.seen = 0;
        }
    }
}

#[kerosene::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let server = server::start_link().await?;
    server.handle_continue();
    send(server, 2_u32);
    assert_eq!(server.handle_request().await?, 3);
    server.stop().await?;
    Ok(())
}

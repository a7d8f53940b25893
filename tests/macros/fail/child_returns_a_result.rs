//! Making a spec does not fail; starting the child may.

use std::io;

#[kerosene::supervisor]
mod shop {
    use kerosene::prelude::*;

    #[child]
    fn counter() -> Result<ChildSpec, super::io::Error> {
        Ok(ChildSpec::process("counter", async || ()))
    }

    #[child]
    fn till() -> Option<ChildSpec> {
        None
    }
}

#[kerosene::main]
async fn main() {
    let _ = shop::start_link().await;
}

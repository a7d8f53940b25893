//! An `async fn` is the body of a process, not what makes a spec.

#[kerosene::supervisor]
mod shop {
    use kerosene::prelude::*;

    #[child]
    async fn counter() -> ChildSpec {
        ChildSpec::process("counter", async || ())
    }

    #[child]
    async fn till() -> Result<ChildSpec, CallError> {
        Ok(ChildSpec::process("till", async || ()))
    }
}

#[kerosene::main]
async fn main() {
    let _ = shop::start_link().await;
}

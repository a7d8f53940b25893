//! A name that the spec should give.

#[kerosene::supervisor]
mod shop {
    use kerosene::prelude::*;

    #[child(name = "counter")]
    fn counter() -> ChildSpec {
        ChildSpec::process("counter", async || ())
    }
}

fn main() {}

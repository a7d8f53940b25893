//! A function that returns no spec.

#[kerosene::supervisor]
mod shop {
    #[child]
    fn ticker() -> u64 {
        3
    }
}

fn main() {}

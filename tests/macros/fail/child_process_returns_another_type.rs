//! A process whose result is no exit reason.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker() -> u64 {
        3
    }
}

fn main() {}

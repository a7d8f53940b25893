//! A child whose argument has no type that can be named.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn till(rate: impl Into<u64>) {
        let _ = rate.into();
    }
}

fn main() {}

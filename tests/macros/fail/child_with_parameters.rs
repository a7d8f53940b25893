//! A child that wants arguments.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker(period: u64) {
        let _ = period;
    }
}

fn main() {}

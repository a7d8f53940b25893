//! A child that takes its argument apart where it is passed.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn till((from, to): (u64, u64)) {
        let _ = (from, to);
    }
}

fn main() {}

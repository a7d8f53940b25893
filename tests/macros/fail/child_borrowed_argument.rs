//! A child that borrows what it is started with.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn till(currency: &str) {
        let _ = currency;
    }
}

fn main() {}

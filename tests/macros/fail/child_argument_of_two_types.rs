//! Two children that mean something else by one name.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn till(rate: u64) {
        let _ = rate;
    }

    #[child]
    async fn stock(rate: f64) {
        let _ = rate;
    }
}

fn main() {}

//! A supervisor that is started without what its children are started with.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn till(rate: u64) {
        let _ = rate;
    }
}

fn main() {
    drop(shop::start_link());
}

//! A child that cannot be started again, as its argument is there once.

pub struct Key;

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn till(key: super::Key) {
        let _ = key;
    }
}

fn main() {}

//! A value where none is needed.

#[kerosene::supervisor(auto_shutdown = any_significant)]
mod shop {
    #[child(significant = true, restart = transient)]
    async fn ticker() {}
}

fn main() {}

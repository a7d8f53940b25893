//! Erlang's keys.

#[kerosene::supervisor]
mod shop {
    #[child(type = worker, modules = dynamic, start = ticker)]
    async fn ticker() {}
}

fn main() {}

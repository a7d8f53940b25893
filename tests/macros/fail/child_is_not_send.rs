//! A process that cannot move between threads.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker() {
        let shared = std::rc::Rc::new(1);
        std::future::ready(()).await;
        drop(shared);
    }
}

fn main() {}

//! What is to be run must be an application.

#[kerosene::main(app)]
async fn main() {}

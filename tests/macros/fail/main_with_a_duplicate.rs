//! An argument that is given twice.

#[kerosene::main(name = "a", name = "b")]
async fn main() {}

//! The first process has no type parameters.

#[kerosene::main]
async fn main<T: Default>() {
    drop(T::default());
}

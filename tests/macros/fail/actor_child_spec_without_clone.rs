//! A supervisor starts it again with the same arguments.

#[kerosene::actor]
pub mod owner {
    pub struct Token;

    pub struct Owner(Token);

    impl Owner {
        #[init]
        pub fn new(token: Token) -> Self {
            Self(token)
        }

        #[cast]
        pub fn poke(&mut self) {
            let Token = self.0;
        }
    }
}

fn main() {
    let _ = owner::child_spec(owner::Token);
}

//! What examples share; the examples themselves are the files in this folder.

use async_trait::async_trait;
use countertop::device::document::Document;
use countertop::printer::text;
use countertop::terminal::flow::{Attendant, Confirmation, Language, Prompt};

/// Is a cashier who reads everything aloud and agrees to it.
#[derive(Debug, Clone, Copy)]
pub struct Cashier;

#[async_trait]
impl Attendant for Cashier {
    fn show(&mut self, prompt: &Prompt) {
        println!("{}", prompt.text(Language::English));
    }

    async fn cancelled(&mut self) {
        std::future::pending().await
    }

    async fn confirm(&mut self, _: &Confirmation) -> bool {
        true
    }

    async fn choose_application(&mut self, _: &[String]) -> Option<usize> {
        Some(0)
    }

    async fn try_again(&mut self, _: &Prompt) -> bool {
        false
    }

    fn slip(&mut self, name: &str, slip: &Document) {
        println!("--- {name}\n{}", text::render(slip, 32));
    }
}

/// Is a cashier who agrees to everything and says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

#[async_trait]
impl Attendant for Silent {
    fn show(&mut self, _: &Prompt) {}

    async fn cancelled(&mut self) {
        std::future::pending().await
    }

    async fn confirm(&mut self, _: &Confirmation) -> bool {
        true
    }

    async fn choose_application(&mut self, _: &[String]) -> Option<usize> {
        Some(0)
    }

    async fn try_again(&mut self, _: &Prompt) -> bool {
        false
    }

    fn slip(&mut self, _: &str, _: &Document) {}
}

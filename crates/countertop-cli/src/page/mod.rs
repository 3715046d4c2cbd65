//! The cashier's screen as a page on loopback.

mod assets;
mod guard;
mod routes;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

pub(crate) use routes::PageState;

/// Serves the page until the process ends.
#[derive(Debug)]
pub(crate) struct Page {
    listener: TcpListener,
    address: SocketAddr,
}

impl Page {
    /// Binds `port` on loopback; 0 takes a free one.
    pub(crate) async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Returns where the page is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until an error of the listener.
    pub(crate) async fn serve(self, state: PageState) -> io::Result<()> {
        let router = routes::router(state, self.address.port());
        axum::serve(self.listener, router).await
    }
}

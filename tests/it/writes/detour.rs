//! The SDK's own HTTP client, led to another server, and what becomes of a write on a bad network.

use super::*;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use ddbtop::aws::Sent;
use ddbtop::tune::call::Call;
use tokio::net::TcpListener;

/// Leads every request to a server, which tells the services apart by their hosts.
#[derive(Debug, Clone)]
pub(crate) struct Detour {
    url: String,
    http: SharedHttpClient,
}

#[derive(Debug)]
struct DetourConnector {
    url: String,
    http: SharedHttpConnector,
}

impl Detour {
    pub(crate) fn to(url: &str) -> Self {
        Self { url: url.to_owned(), http: Builder::new().build_http() }
    }
}

impl HttpClient for Detour {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let http = self.http.http_connector(settings, components);
        SharedHttpConnector::new(DetourConnector { url: self.url.clone(), http })
    }
}

impl HttpConnector for DetourConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let (_, rest) = request.uri().split_once("amazonaws.com").unwrap();
        let uri = format!("{}{rest}", self.url);
        request.set_uri(uri).unwrap();
        self.http.call(request)
    }
}

/// Sends a write to an address.
async fn send_to(url: &str) -> Sent {
    let connection = connect_simulated(Detour::to(url), "us-east-1", Clock::wall());
    let call = Call::UpdateCapacity { resource: Resource::table("t"), read: 1, write: 1 };
    connection.send(&call).await
}

#[tokio::test]
async fn a_write_is_surely_not_done_only_where_no_connection_came_about() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // It takes the request and hangs up.
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut some = [0; 16];
        while stream.try_read(&mut some).is_err() {
            stream.readable().await.unwrap();
        }
    });
    let sent = send_to(&url).await;
    assert!(matches!(sent, Sent::Unknown(_)), "{sent:?}");
    server.await.unwrap();
    // Now nobody listens there.
    let sent = send_to(&url).await;
    assert!(matches!(sent, Sent::Refused(_)), "{sent:?}");
    let sent = send_to("http://nowhere.invalid").await;
    assert!(matches!(sent, Sent::Refused(_)), "{sent:?}");
}

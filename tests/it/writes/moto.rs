//! Writes judged by a server and a client that nobody here wrote: moto and boto3.

use super::*;
use crate::support::alone;
use crate::support::python::judge;
use crate::support::server::Server;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use serde_json::Value;

/// Leads every request to a server, which tells the services apart by their hosts.
#[derive(Debug, Clone)]
struct Detour {
    url: String,
    http: SharedHttpClient,
}

#[derive(Debug)]
struct DetourConnector {
    url: String,
    http: SharedHttpConnector,
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

fn read(url: &str) -> Value {
    serde_json::from_str(&judge("read_scaling.py", &[url])).unwrap()
}

#[tokio::test]
async fn an_edit_of_a_table_and_of_an_index_leaves_every_other_field_as_boto3_reads_it() {
    let _turn = alone();
    let server = Server::moto();
    judge("seed_moto.py", &[&server.url]);
    let mut expected = read(&server.url);
    let detour = Detour { url: server.url.clone(), http: Builder::new().build_http() };
    let clock = Clock::wall();
    let bench = Bench::new(connect_simulated(detour, "us-east-1", clock.clone()), clock).await;

    let table = Resource::table("orders");
    let index = Resource::index("orders", "by-customer");
    let mut edits = bench.edits(&table, &[(Field::Min, "80"), (Field::Target, "55")]);
    // moto moves no capacity: these bounds are around it already.
    edits.extend(bench.edits(&index, &[(Field::Max, "500"), (Field::Target, "45")]));
    let events = bench.carry_out(bench.plan(edits)).await;
    assert_eq!(events.last(), Some(&(3, Event::Finished)), "{events:?}");
    let seen = events.iter().filter(|(_, event)| matches!(event, Event::Seen(_))).count();
    assert_eq!(seen, 4, "{events:?}");

    let config = "TargetTrackingScalingPolicyConfiguration";
    expected["targets"][0]["MinCapacity"] = 80.into();
    expected["targets"][1]["MaxCapacity"] = 500.into();
    expected["policies"][0][config]["TargetValue"] = 55.0.into();
    expected["policies"][1][config]["TargetValue"] = 45.0.into();
    // What nothing was said about is not suspended, and that is sent.
    let none = serde_json::json!({
        "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
        "ScheduledScalingSuspended": false
    });
    expected["targets"][0]["SuspendedState"] = none.clone();
    expected["targets"][1]["SuspendedState"] = none;
    let found = read(&server.url);
    for target in found["targets"].as_array().unwrap() {
        assert_eq!(target["RoleARN"], "arn:aws:iam::123456789012:role/orders-scaling");
    }
    assert_eq!(found, expected);
}

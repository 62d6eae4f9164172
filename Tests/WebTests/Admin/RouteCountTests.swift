import Testing

@testable import Web

@Suite struct RouteCountTests {
    @Test func `routes are counted by their statuses, the most asked first`() {
        let routes = RouteCount.all(
            in: """
                # TYPE roost_http_request_seconds histogram
                roost_http_request_seconds_bucket{method="GET",route="/a",le="0.5"} 3
                roost_http_request_seconds_sum{method="GET",route="/a"} 0.6
                roost_http_request_seconds_count{method="GET",route="/a"} 3
                # TYPE roost_http_requests_total counter
                roost_http_requests_total{method="GET",route="/a",status="2xx"} 1
                roost_http_requests_total{method="GET",route="/a",status="4xx"} 1
                roost_http_requests_total{method="GET",route="/a",status="5xx"} 1
                roost_http_requests_total{method="POST",route="/b/:c",status="2xx"} 12
                process_threads 4
                roost_http_requests_total without labels

                """
        )

        #expect(routes.map(\.name) == ["POST /b/:c", "GET /a"])
        #expect(routes.map(\.count) == [12, 3])
        #expect([routes[1].refused, routes[1].failed] == [1, 1])
        #expect(routes[1].meanText == "200.0 ms")
    }
}

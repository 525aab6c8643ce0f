package io.middleware.gateway.dashboard;

import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.tls.GatewayLinks;

/** The pages of a gateway. */
public record DashboardFixture(Documents documents, AutoCloseable dashboard) {
    public static DashboardFixture of(String id, RegistryLookup registry, GatewayLinks links, HttpGateway.Parts parts) {
        Dashboard dashboard = new Dashboard(id, parts.directory(), parts.outliers(), registry, links, parts.ticker());
        return new DashboardFixture(DashboardDocuments.of(dashboard, path -> false, parts.loops(), true), dashboard);
    }
}

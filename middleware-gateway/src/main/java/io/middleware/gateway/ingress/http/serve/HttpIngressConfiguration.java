package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.document.SchemaDocuments;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.ingress.local.LocalServices;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.tls.CallerTls;
import io.middleware.gateway.transport.EventLoops;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;

@Configuration(proxyBeanMethods = false)
class HttpIngressConfiguration {
    @Bean
    Router router(Directory directory, SchemaWatch schemas, CallReport report) {
        return new Router(directory, schemas, report.details());
    }

    @Bean
    Documents schemaDocuments(
            Router router, Directory directory, EventLoops loops, CallReport report, GatewaySettings settings) {
        return settings.describesMethods()
                ? new SchemaDocuments(router, directory, loops, report.details())
                : Documents.NONE;
    }

    @Bean
    HttpIngress httpIngress(
            Router router,
            ObjectProvider<Documents> documents,
            LocalServices calls,
            CallGate gate,
            EventLoops loops,
            Ticker ticker,
            Settings callSettings,
            CallReport report,
            Cors cors,
            BodyBudget bodies,
            JsonWorkers workers,
            GatewaySettings settings) {
        HttpOptions options = HttpOptions.of(
                report, callSettings.unaryDeadline(), settings.http().largestMessage(), cors);
        return new HttpIngress(
                router,
                Documents.of(documents.orderedStream().toList()),
                calls,
                gate,
                loops,
                ticker,
                options,
                bodies,
                workers);
    }

    /** Starts servers for calls of the gateway's own: without its gate, and without documents. */
    @Bean
    OwnHttpServer.Factory ownHttpServers(
            Router router,
            EventLoops loops,
            Ticker ticker,
            Settings callSettings,
            CallReport report,
            BodyBudget bodies,
            JsonWorkers workers,
            GatewaySettings settings) {
        HttpOptions options = HttpOptions.of(
                report, callSettings.unaryDeadline(), settings.http().largestMessage(), Cors.NONE);
        return calls -> new OwnHttpServer(
                new HttpIngress(router, Documents.NONE, calls, CallGate.NONE, loops, ticker, options, bodies, workers),
                options,
                loops);
    }

    /** What WebFlux would be. A web server has to have it, but no request comes to it. */
    @Bean
    HttpHandler nothingBesideTheIngress() {
        return (request, response) -> {
            response.setStatusCode(HttpStatus.NOT_FOUND);
            return response.setComplete();
        };
    }

    /**
     * Routes every path of the callers' port to the ingress, before WebFlux sees it. The management port has a server
     * of its own.
     */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> callRoute(
            HttpIngress ingress,
            CallReport report,
            Cors cors,
            GatewaySettings settings,
            ObjectProvider<CallerTls> tls) {
        return factory -> {
            factory.addServerCustomizers(
                    server -> HttpGuard.on(HttpVersions.on(server, tls.getIfAvailable()), report.gatewayId(), cors));
            factory.addServerCustomizers(
                    server -> HttpDoor.on(server, settings.limits().ofHttp()));
            factory.addRouteProviders(routes -> routes.route(any -> true, ingress));
        };
    }
}

package io.middleware.gateway.ingress.http.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.http.json.JsonConfiguration;
import io.middleware.gateway.ingress.local.LocalServices;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.reflection.CatalogWatch;
import io.middleware.gateway.schema.SchemaConfiguration;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/** The ingress in its place: with Boot's own server around it. */
class HttpIngressConfigurationTest {

    @Test
    void everyPath_isTheIngresss() throws Exception {
        try (LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
                ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
                        .web(WebApplicationType.REACTIVE)
                        .run("--server.port=0", "--server.address=127.0.0.1")) {
            Directory directory = context.getBean(Directory.class);
            HealthIndicator health = context.getBean("schemaHealthIndicator", HealthIndicator.class);
            assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            directory.update(
                    "service",
                    List.of(new Registration(
                            "library-1",
                            "127.0.0.1",
                            library.port(),
                            Pool.PRIMARY,
                            1,
                            List.of(LibraryServer.GRPC_SERVICE),
                            false,
                            true,
                            1,
                            1)));
            directory.markLoaded();
            await().until(context.getBean(SchemaWatch.class)::settled);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            int port = context.getBean(Environment.class).getRequiredProperty("local.server.port", Integer.class);

            HttpResponse<String> call = get(port, "/v1/books/1");
            assertThat(call.body()).isEqualTo("{\"name\":\"1\"}");
            assertThat(call.headers().firstValue("middleware-gateway")).hasValue("gateway-7");
            HttpResponse<String> nothing = get(port, "/nowhere");
            assertThat(nothing.statusCode()).isEqualTo(404);
            assertThat(nothing.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(nothing.body()).contains("no method and no HTTP mapping matches");
            assertThat(get(port, "/openapi.json").statusCode()).isEqualTo(404);
            assertThat(get(port, "/api/").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    /** Stands for the rest of the gateway. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        HttpHandlerAutoConfiguration.class,
        WebFluxAutoConfiguration.class,
        NettyReactiveWebServerAutoConfiguration.class,
        ErrorWebFluxAutoConfiguration.class
    })
    @EnableConfigurationProperties(GatewaySettings.class)
    @Import({HttpIngressConfiguration.class, JsonConfiguration.class, SchemaConfiguration.class})
    static class App {
        @Bean
        CallReport callReport() {
            return new CallReport("gateway-7", false);
        }

        @Bean
        Cors cors() {
            return Cors.NONE;
        }

        @Bean
        CallGate callGate() {
            return CallGate.NONE;
        }

        @Bean
        EventLoops eventLoops() {
            return new EventLoops(2);
        }

        @Bean
        ReactorResourceFactory reactorResourceFactory(EventLoops loops) {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setLoopResources(useNative -> loops.group());
            return resources;
        }

        @Bean
        Http2Transport transport(EventLoops loops) {
            return new Http2Transport(loops, new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));
        }

        @Bean
        Settings settings() {
            return Settings.defaults();
        }

        @Bean
        Ticker ticker() {
            return Ticker.system();
        }

        @Bean
        Directory directory(Settings settings, Ticker ticker) {
            return new Directory(service -> new PowerOfTwoChoices(), Instance::new, settings, ticker);
        }

        @Bean
        OutlierDetector outliers(Transport transport, EventLoops loops, Settings settings, Ticker ticker) {
            return new OutlierDetector(
                    transport, EventLoops.timers(loops.group().next()), ticker, settings);
        }

        @Bean
        Failover failover(
                Directory directory, Transport transport, OutlierDetector outliers, Settings settings, Ticker ticker) {
            return new Failover(directory, transport, outliers, settings, ticker);
        }

        @Bean
        LocalServices localServices(Failover failover, Directory directory, SchemaWatch schemas, Ticker ticker) {
            return new LocalServices(
                    failover, directory, new CatalogWatch(directory, schemas::schema)::catalog, () -> true, ticker);
        }
    }
}

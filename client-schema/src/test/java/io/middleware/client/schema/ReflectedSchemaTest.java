package io.middleware.client.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.client.MiddlewareClient;
import io.middleware.testsupport.shop.v1.ShopServiceGrpc.ShopServiceImplBase;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReflectedSchemaTest {

    private static final String SHOP = "shop.v1.ShopService";

    private Server server;
    private MiddlewareClient client;

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void service_isFoundWithItsImports() throws IOException {
        var service = schema(ProtoReflectionServiceV1.newInstance()).service(SHOP);

        assertThat(service)
                .hasValueSatisfying(shop -> assertThat(
                                shop.findMethodByName("Look").getInputType().getFullName())
                        .isEqualTo("shop.v1.Item"));
    }

    @Test
    @SuppressWarnings("deprecation") // what older servers, and some languages still, offer
    void service_isFoundByTheOlderReflection() throws IOException {
        assertThat(schema(io.grpc.protobuf.services.ProtoReflectionService.newInstance())
                        .service(SHOP))
                .isPresent();
    }

    @Test
    void unknownService_isAbsent() throws IOException {
        assertThat(schema(ProtoReflectionServiceV1.newInstance()).service("shop.v1.Bank"))
                .isEqualTo(Optional.empty());
    }

    @Test
    void serverWithoutReflection_hasNothing() throws IOException {
        assertThat(schema(new ShopServiceImplBase() {}).service(SHOP)).isEmpty();
    }

    private ReflectedSchema schema(BindableService offered) throws IOException {
        var builder = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(offered);
        if (!(offered instanceof ShopServiceImplBase)) {
            builder.addService(new ShopServiceImplBase() {});
        }
        server = builder.build().start();
        client = MiddlewareClient.connect("127.0.0.1:" + server.getPort());
        return new ReflectedSchema(client.stub(channel -> channel), Duration.ofSeconds(10));
    }
}

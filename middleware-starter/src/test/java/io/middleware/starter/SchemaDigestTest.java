package io.middleware.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaDigestTest {

    @Test
    void sameFiles_haveTheSameDigest_whateverTheServer() {
        Map<String, String> one = digest(new HelloServiceGrpc.HelloServiceImplBase() {});
        assertThat(one.get("schema")).matches("[0-9a-f]{16}");
        assertThat(digest(new HealthStatusManager().getHealthService(), new HelloServiceGrpc.HelloServiceImplBase() {}))
                .isEqualTo(one);
    }

    @Test
    void otherFiles_haveAnother() {
        assertThat(digest(new GuestbookGrpc.GuestbookImplBase() {}))
                .isNotEqualTo(digest(new HelloServiceGrpc.HelloServiceImplBase() {}));
    }

    @Test
    void serviceWithoutAFile_isNotCovered() {
        BindableService bare = () -> ServerServiceDefinition.builder("a.Bare").build();
        assertThat(digest(bare, new HelloServiceGrpc.HelloServiceImplBase() {})).isEmpty();
    }

    private static Map<String, String> digest(BindableService... services) {
        NettyServerBuilder builder = NettyServerBuilder.forPort(0);
        for (BindableService service : services) {
            builder.addService(service);
        }
        Server server = builder.build();
        return SchemaDigest.metadata(server);
    }
}

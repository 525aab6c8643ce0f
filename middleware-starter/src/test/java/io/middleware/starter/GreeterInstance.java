package io.middleware.starter;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.ConsulServer;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.Probe;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;

/** A running {@link Greeter} and how callers, probes and Consul see it. */
final class GreeterInstance implements AutoCloseable {

    static final String SERVICE = "greeter";
    static final String ID = "greeter-1";

    private final int grpcPort = FreePorts.next();
    private final int managementPort = FreePorts.next();
    private final ConsulServer consul;
    private final ConfigurableApplicationContext application;

    GreeterInstance(ConsulServer consul, String... properties) {
        this(consul, context -> {}, properties);
    }

    /** Starts it with more beans than an instance has by itself. */
    GreeterInstance(ConsulServer consul, Consumer<GenericApplicationContext> beans, String... properties) {
        this.consul = consul;
        this.application = new SpringApplicationBuilder(Greeter.class)
                .initializers(context -> beans.accept((GenericApplicationContext) context))
                .properties(Map.of(
                        "spring.application.name",
                        SERVICE,
                        "middleware.instance.id",
                        ID,
                        "spring.grpc.server.address",
                        "127.0.0.1",
                        "spring.grpc.server.port",
                        grpcPort,
                        "server.address",
                        "127.0.0.1",
                        "management.server.port",
                        managementPort,
                        "middleware.instance.drain-delay",
                        "10ms",
                        "spring.main.banner-mode",
                        "off",
                        "spring.cloud.consul.host",
                        consul.host(),
                        "spring.cloud.consul.port",
                        consul.port()))
                .run(Arrays.stream(properties).map(property -> "--" + property).toArray(String[]::new));
    }

    ConfigurableApplicationContext application() {
        return application;
    }

    int grpcPort() {
        return grpcPort;
    }

    int managementPort() {
        return managementPort;
    }

    /** What a caller gets. */
    String greet() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            return HelloServiceGrpc.newBlockingStub(channel)
                    .sayHello(HelloRequest.getDefaultInstance())
                    .getMessage();
        } finally {
            channel.shutdownNow();
        }
    }

    /** The status of the readiness probe. */
    int readiness() {
        return Probe.status(URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"));
    }

    JsonNode inConsul() {
        return consul.api().instance(SERVICE, ID).orElseThrow().at("/Service");
    }

    String address() {
        return inConsul().at("/Address").asString();
    }

    String lastHeartbeat() {
        return consul.api()
                .get("/v1/agent/checks")
                .at("/service:" + ID + "/Output")
                .asString();
    }

    /** Waits until Consul says that it is passing, critical, or absent. */
    void awaitStatus(String status, Duration limit) {
        Awaitility.await("greeter-1 is " + status)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> consul.api().status(SERVICE, ID).equals(status));
    }

    @Override
    public void close() {
        application.close();
    }
}

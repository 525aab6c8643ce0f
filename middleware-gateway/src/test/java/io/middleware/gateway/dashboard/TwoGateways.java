package io.middleware.gateway.dashboard;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Two gateways on real sockets that find each other, in front of two primaries and a secondary. */
final class TwoGateways implements RegistryLookup, AutoCloseable {
    private final List<Gateway> listed = new CopyOnWriteArrayList<>();
    private final List<HttpGateway> gateways = new ArrayList<>();
    private final List<Dashboard> dashboards = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    /** Where the first server takes orders to fail; 0: nowhere. */
    volatile int faultsPort;

    private volatile boolean dying;

    TwoGateways() throws IOException {
        for (int i = 0; i < 3; i++) {
            boolean first = i == 0;
            servers.add(NettyServerBuilder.forPort(0)
                    .addService(new Hello(() -> first && dying))
                    .addService(ProtoReflectionServiceV1.newInstance())
                    .build()
                    .start());
        }
        for (int i = 1; i <= 2; i++) {
            HttpGateway gateway = gateway("gateway-" + i);
            gateways.add(gateway);
            listed.add(new Gateway("gateway-" + i, "127.0.0.1", gateway.port(), true));
            gateway.register("hello-1", servers.get(0).getPort(), Pool.PRIMARY, HelloServiceGrpc.SERVICE_NAME);
            gateway.register("hello-2", servers.get(1).getPort(), Pool.PRIMARY, HelloServiceGrpc.SERVICE_NAME);
            gateway.register("hello-3", servers.get(2).getPort(), Pool.SECONDARY, HelloServiceGrpc.SERVICE_NAME);
        }
    }

    private HttpGateway gateway(String id) {
        return new HttpGateway(parts -> {
            Dashboard dashboard =
                    new Dashboard(id, parts.directory(), parts.outliers(), this, GatewayLinks.PLAIN, parts.ticker());
            dashboards.add(dashboard);
            return new HttpGateway.Extension(
                    DashboardDocuments.of(dashboard, path -> false, parts.loops(), true), dashboard.traffic());
        });
    }

    HttpGateway first() {
        return gateways.getFirst();
    }

    HttpGateway second() {
        return gateways.getLast();
    }

    /** Ends the server of the first instance at once, as soon as it has a call, which gets no response. */
    void killFirstServerAtNextCall() {
        dying = true;
    }

    void endSecond() {
        gateways.removeLast().close();
    }

    boolean settled() {
        return gateways.stream().allMatch(gateway -> gateway.schemas().settled());
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public Duration age() {
        return Duration.ZERO;
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public List<Gateway> gateways() {
        return listed;
    }

    @Override
    public Map<String, Instant> heartbeats() {
        return Map.of("hello-2", Instant.now());
    }

    @Override
    public List<FaultPort> faultPorts(String service) {
        return faultsPort == 0
                ? List.of()
                : List.of(new FaultPort("127.0.0.1", servers.getFirst().getPort(), faultsPort));
    }

    int firstServersPort() {
        return servers.getFirst().getPort();
    }

    @Override
    public void close() {
        gateways.forEach(HttpGateway::close);
        dashboards.forEach(Dashboard::close);
        servers.forEach(Server::shutdownNow);
    }

    private final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        private final BooleanSupplier dies;

        Hello(BooleanSupplier dies) {
            this.dies = dies;
        }

        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> reply) {
            if (dies.getAsBoolean()) {
                servers.getFirst().shutdownNow();
                return;
            }
            reply.onNext(HelloReply.newBuilder().setMessage("World").build());
            reply.onCompleted();
        }
    }
}

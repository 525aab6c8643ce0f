package io.middleware.gateway.ingress.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.middleware.core.CallHandler;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.call.Failover;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.grpc.GrpcServer;
import io.middleware.gateway.reflection.CatalogWatch;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway on real sockets that serves its own services too, without registry and application context. */
final class LocalGateway implements AutoCloseable {
    private final EventLoops loops = new EventLoops(2);
    private final Map<String, List<Registration>> registrations = new HashMap<>();
    private final AtomicLong passed = new AtomicLong();
    private final Ticker ticker = () -> System.nanoTime() + passed.get();
    private final Directory directory;
    private final CatalogWatch catalogs;
    private final LocalServices services;
    private final GrpcServer server;
    private final ManagedChannel channel;
    private volatile boolean ready = true;
    private long index;

    LocalGateway() {
        Http2Transport transport =
                new Http2Transport(loops, new ConnectionOptions(Duration.ofSeconds(1), 8, Duration.ofSeconds(1)));
        Settings settings = Settings.defaults();
        directory = new Directory(service -> new PowerOfTwoChoices(), Instance::new, settings, ticker);
        OutlierDetector outliers =
                new OutlierDetector(transport, EventLoops.timers(loops.group().next()), ticker, settings);
        transport.whenBroken(outliers::connectionBroke);
        directory.listen(outliers::onInstanceChange);
        directory.listen(change -> {
            if (change.kind() == InstanceChange.Kind.GONE) {
                transport.retire(change.instance());
            }
        });
        SchemaWatch schemas = new SchemaWatch(directory, transport, loops, OwnServices.methods());
        schemas.start();
        catalogs = new CatalogWatch(directory, schemas::schema);
        catalogs.start();
        CallHandler failover = new Failover(directory, transport, outliers, settings, ticker);
        services = new LocalServices(failover, directory, catalogs::catalog, () -> ready, ticker);
        loops.background().scheduleWithFixedDelay(services::refresh, 100, 100, TimeUnit.MILLISECONDS);
        server = new GrpcServer(loops, services, ticker, new CallReport("gateway-1", true));
        server.start(new InetSocketAddress("127.0.0.1", 0));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .disableRetry()
                .build();
        directory.markLoaded();
    }

    /** Registers an instance of {@code service} on this port for these gRPC services. */
    LocalGateway register(String service, int port, String... grpcServices) {
        index++;
        List<Registration> some = registrations.computeIfAbsent(service, name -> new ArrayList<>());
        some.add(new Registration(
                service + "-" + index,
                "127.0.0.1",
                port,
                Pool.PRIMARY,
                1,
                List.of(grpcServices),
                false,
                true,
                index,
                index));
        directory.update(service, some);
        return this;
    }

    /** Deregisters all instances of a service, and lets so much time pass that it is believed. */
    void deregister(String service) {
        directory.update(service, List.of());
        passed.addAndGet(TimeUnit.MINUTES.toNanos(2));
        directory.expire();
    }

    /** Calls a service whose servers are gone, by which the gateway notices that. */
    void callInVain(String grpcService) {
        MethodDescriptor<Empty, Empty> method = MethodDescriptor.<Empty, Empty>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(grpcService + "/None")
                .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .build();
        try {
            ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, Empty.getDefaultInstance());
            throw new AssertionError("a server has responded");
        } catch (StatusRuntimeException expected) {
            assertThat(expected.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    void drain() {
        ready = false;
        services.drain();
    }

    int port() {
        return server.port();
    }

    CatalogWatch catalogs() {
        return catalogs;
    }

    Directory directory() {
        return directory;
    }

    LocalServices services() {
        return services;
    }

    ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        catalogs.close();
        server.drain(Duration.ofSeconds(1));
        loops.close();
    }
}

package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.balancing.Subset;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.starter.ConsulToken;
import io.middleware.testsupport.ConsulServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three hundred servers, each with a port of its own, in a real Consul. */
class ManyRegistrationsIT {
    private static final int SERVERS = 300;
    private static final int MOST = 100;
    private static final int DYING = 30;
    private static final int IN_FLIGHT = 8;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ConsulServer consul = ConsulServer.forgetful();
    private final GatewayHarness gateway = new GatewayHarness();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Map<String, Server> servers = new HashMap<>();
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    private final ConsulHttp http = new ConsulHttp(
            URI.create("http://" + consul.host() + ":" + consul.port()),
            null,
            ConsulToken.fixed(""),
            Duration.ofSeconds(10));
    private final ConsulWatch watch =
            new ConsulWatch(http, gateway.directory(), new ConsulReachability("consul", System::nanoTime));

    @BeforeEach
    void start() throws IOException {
        gateway.directory().use(new Subset(MOST, "gateway-1", List.of()));
        for (int i = 0; i < SERVERS; i++) {
            startServer("hello-" + i);
        }
        watch.start();
        await().atMost(LIMIT).until(() -> known().size() == SERVERS);
        gateway.describe(
                "/hello.v1.HelloService/SayHello", new MethodTraits(true, MethodTraits.Idempotency.NO_SIDE_EFFECTS));
    }

    @AfterEach
    void stop() {
        watch.stop();
        http.close();
        gateway.close();
        servers.values().forEach(Server::shutdownNow);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        consul.close();
    }

    @Test
    void someDieAndOthersCome_noCallIsLost() throws IOException {
        Load load = new Load();
        load.start();
        awaitCallsToAllInUse();
        List<String> dying = used().stream().limit(DYING).toList();

        for (String id : dying) {
            servers.remove(id).shutdownNow();
            load.awaitMore(10);
        }
        for (int i = 0; i < DYING; i++) {
            consul.api().deregister(dying.get(i));
            startServer("newer-" + i);
        }
        await().atMost(LIMIT).until(() -> known().equals(servers.keySet()));
        called.clear();
        awaitCallsToAllInUse();
        load.stop();

        assertThat(load.lost).isEmpty();
        assertThat(used()).hasSize(MOST).doesNotContainAnyElementsOf(dying);
    }

    /** Others may have been called, too, while one was ejected that a busy machine had stopped for a moment. */
    private void awaitCallsToAllInUse() {
        await().atMost(LIMIT).until(() -> called.containsAll(used()));
    }

    private Set<String> known() {
        return gateway.directory().services().stream()
                .map(Service::known)
                .flatMap(List::stream)
                .map(Instance::id)
                .collect(Collectors.toSet());
    }

    private Set<String> used() {
        return gateway.directory().services().getFirst().instances().stream()
                .map(Instance::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void startServer(String id) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .directExecutor()
                .addService(new Hello(id))
                .build()
                .start();
        servers.put(id, server);
        consul.api()
                .registerInstance(
                        "hello-service", id, "127.0.0.1", server.getPort(), "primary", List.of(GatewayHarness.SERVICE));
    }

    private final class Hello extends HelloServiceGrpc.HelloServiceImplBase {
        private final String id;

        Hello(String id) {
            this.id = id;
        }

        @Override
        public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
            called.add(id);
            replies.onNext(HelloReply.newBuilder().setMessage("World").build());
            replies.onCompleted();
        }
    }

    /** Keeps a few calls in flight. */
    private final class Load {
        private final HelloServiceGrpc.HelloServiceStub stub = HelloServiceGrpc.newStub(gateway.channel());
        private final Queue<Throwable> lost = new ConcurrentLinkedQueue<>();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile boolean stopping;

        void start() {
            for (int i = 0; i < IN_FLIGHT; i++) {
                inFlight.incrementAndGet();
                call();
            }
        }

        private void call() {
            stub.withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .sayHello(HelloRequest.getDefaultInstance(), new StreamObserver<>() {
                        @Override
                        public void onNext(HelloReply reply) {}

                        @Override
                        public void onError(Throwable failure) {
                            lost.add(failure);
                            next();
                        }

                        @Override
                        public void onCompleted() {
                            next();
                        }
                    });
        }

        private void next() {
            ended.incrementAndGet();
            if (stopping) {
                inFlight.decrementAndGet();
            } else {
                call();
            }
        }

        void awaitMore(int calls) {
            int enough = ended.get() + calls;
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> ended.get() >= enough);
        }

        void stop() {
            stopping = true;
            await().atMost(LIMIT).until(() -> inFlight.get() == 0);
        }
    }
}

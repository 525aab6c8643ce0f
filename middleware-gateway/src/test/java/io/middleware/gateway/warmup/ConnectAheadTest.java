package io.middleware.gateway.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectAheadTest {
    private static final int LOOPS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final EventLoops loops = new EventLoops(LOOPS);
    private final Http2Transport transport =
            new Http2Transport(loops, new ConnectionOptions(Duration.ofSeconds(1), 1, Duration.ofMinutes(1)));
    private final Directory directory =
            new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), Ticker.system());
    private final Connections older = new Connections();
    private final Connections newer = new Connections();

    /** A server that counts its connections. */
    private static final class Connections extends ServerTransportFilter {
        private final AtomicInteger open = new AtomicInteger();
        private Server server;

        @Override
        public Attributes transportReady(Attributes attributes) {
            open.incrementAndGet();
            return attributes;
        }

        void start() throws IOException {
            server = NettyServerBuilder.forPort(0)
                    .addTransportFilter(this)
                    .build()
                    .start();
        }
    }

    @BeforeEach
    void start() throws IOException {
        older.start();
        newer.start();
        new ConnectAhead(directory, transport, loops, Ticker.system());
        directory.update("hello-service", List.of(registration("older", older, true)));
    }

    @AfterEach
    void stop() {
        loops.close();
        older.server.shutdownNow();
        newer.server.shutdownNow();
    }

    @Test
    void instanceThatCame_isConnectedByEachLoop() {
        directory.update(
                "hello-service", List.of(registration("older", older, true), registration("newer", newer, true)));
        await().atMost(LIMIT).until(() -> newer.open.get() == LOOPS);
        assertThat(older.open).as("the first of a service wait for their calls").hasValue(0);
    }

    @Test
    void instanceThatStartedAgain_isConnectedOnlyThen() {
        directory.update(
                "hello-service", List.of(registration("older", older, true), registration("newer", newer, true)));
        await().atMost(LIMIT).until(() -> newer.open.get() == LOOPS);
        directory.update(
                "hello-service", List.of(registration("older", older, false), registration("newer", newer, true)));
        assertThat(older.open).hasValue(0);
        directory.update(
                "hello-service", List.of(registration("older", older, true), registration("newer", newer, true)));
        await().atMost(LIMIT).until(() -> older.open.get() == LOOPS);
        assertThat(newer.open).as("which has its connections").hasValue(LOOPS);
    }

    private static Registration registration(String id, Connections connections, boolean passing) {
        return new Registration(
                id,
                "127.0.0.1",
                connections.server.getPort(),
                Pool.PRIMARY,
                1,
                List.of("hello.v1.HelloService"),
                false,
                passing,
                1,
                1);
    }
}

package io.middleware.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With real sockets: what takes a connection, what refuses it, and what lets it wait. */
@Tag("slow")
class DialerTest {
    private static final int LIMIT_MILLIS = 2_000;

    private final EventLoops loops = new EventLoops(1);
    private final EventLoop loop = (EventLoop) loops.group().next();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CompletableFuture<Object> result = new CompletableFuture<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void addressThatRefuses_isFollowedByTheNext() throws Exception {
        InetSocketAddress alive = accepting();
        dial(refusing(), refusing(), alive);
        assertThat(connectedTo()).isEqualTo(alive);
    }

    @Test
    void addressThatLetsWait_isOvertakenByTheNext() throws Exception {
        InetSocketAddress alive = accepting();
        long startedAt = System.nanoTime();
        dial(silent(), alive);
        assertThat(connectedTo()).isEqualTo(alive);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt))
                .as("before the limit of the first")
                .isLessThan(LIMIT_MILLIS);
    }

    @Test
    void firstThatIsAlive_isTaken() throws Exception {
        InetSocketAddress alive = accepting();
        dial(alive, accepting());
        assertThat(connectedTo()).isEqualTo(alive);
    }

    @Test
    void allThatRefuse_areNamed() throws Exception {
        dial(refusing(), refusing());
        assertThat(result.get(20, TimeUnit.SECONDS))
                .isEqualTo(Outcome.unreachable("127.0.0.1: connection refused; 127.0.0.1: connection refused"));
    }

    @Test
    void onlyAddress_needsNoName() throws Exception {
        dial(refusing());
        assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.unreachable("connection refused"));
    }

    @Test
    void oneThatLetsWaitAmongOthersThatRefuse_isSilence() throws Exception {
        dial(silent(), refusing());
        assertThat(result.get(20, TimeUnit.SECONDS))
                .isEqualTo(Outcome.silent(
                        "127.0.0.1: connection refused; 127.0.0.1: no connection within " + LIMIT_MILLIS + " ms"));
    }

    private void dial(InetSocketAddress... addresses) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(loops.socket())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, LIMIT_MILLIS)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                });
        Dialer dialing = new Dialer(bootstrap, loop, new Dialer.Listener() {
            @Override
            public void onConnected(Channel channel, long nanos) {
                result.complete(channel);
            }

            @Override
            public void onFailure(Outcome outcome) {
                result.complete(outcome);
            }
        });
        loop.execute(() -> dialing.begin(List.of(addresses)));
    }

    private InetSocketAddress connectedTo() throws Exception {
        Channel channel = (Channel) result.get(20, TimeUnit.SECONDS);
        opened.add(() -> channel.close().sync());
        return (InetSocketAddress) channel.remoteAddress();
    }

    private InetSocketAddress accepting() throws IOException {
        return address(listening(50));
    }

    private static InetSocketAddress refusing() throws IOException {
        try (ServerSocket closedAtOnce = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return address(closedAtOnce);
        }
    }

    /** Its queue of connections that nobody accepts is full: the system lets more of them wait. */
    private InetSocketAddress silent() throws IOException {
        ServerSocket server = listening(1);
        for (int i = 0; i < 3; i++) {
            Socket waiting = new Socket();
            opened.add(waiting);
            try {
                waiting.connect(address(server), 200);
            } catch (IOException full) {
                break;
            }
        }
        return address(server);
    }

    private ServerSocket listening(int queue) throws IOException {
        ServerSocket server = new ServerSocket(0, queue, InetAddress.getLoopbackAddress());
        opened.add(server);
        return server;
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }
}

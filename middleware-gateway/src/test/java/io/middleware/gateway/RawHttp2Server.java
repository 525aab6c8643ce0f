package io.middleware.gateway;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that responds to the headers of a request with whatever frames it is told to. */
public final class RawHttp2Server implements AutoCloseable {
    /** The headers of the requests, in the order in which they came. */
    public final List<Http2Headers> seen = new CopyOnWriteArrayList<>();

    private final ServerSocket door;
    private final Script script;
    private final List<RawHttp2Peer> connections = new CopyOnWriteArrayList<>();

    /** What is done when a request's headers have come. */
    @FunctionalInterface
    public interface Script {
        void play(RawHttp2Peer connection, int stream);
    }

    public RawHttp2Server(Script script) throws IOException {
        this(InetAddress.getLoopbackAddress(), script);
    }

    public RawHttp2Server(InetAddress address, Script script) throws IOException {
        this.door = new ServerSocket(0, 50, address);
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = door.accept();
                Thread.ofVirtual().start(() -> serve(accepted));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket accepted) {
        try (RawHttp2Peer connection = RawHttp2Peer.server(accepted)) {
            connections.add(connection);
            while (true) {
                RawHttp2Peer.Frame frame = connection.next();
                if (frame.type() == RawHttp2Peer.HEADERS) {
                    seen.add(connection.decode(frame));
                    script.play(connection, frame.stream());
                }
            }
        } catch (IOException | UncheckedIOException closed) {
            // by the gateway, or the test is over
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (RawHttp2Peer connection : connections) {
            connection.close();
        }
    }
}

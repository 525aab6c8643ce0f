package io.middleware.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads a request and closes the connection, so that its caller cannot know whether the request was executed. */
public final class BreakingGateway implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Listens on a free port. */
    public BreakingGateway() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                byte[] some = new byte[4096];
                int read = connection.getInputStream().read(some);
                requests.add(new String(some, 0, read, StandardCharsets.UTF_8));
            } catch (IOException closed) {
                return;
            }
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Returns the number of requests read so far, each on a connection of its own. */
    public int connections() {
        return requests.size();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

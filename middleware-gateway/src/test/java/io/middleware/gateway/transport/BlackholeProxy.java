package io.middleware.gateway.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way to a server, on which bytes can vanish without anybody hearing of it: what is under way then stays lost, and only new
 * connections pass once it is mended.
 */
final class BlackholeProxy implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final int server;
    private volatile boolean cut;

    BlackholeProxy(int server) throws IOException {
        this.server = server;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** From now on nothing passes. */
    void cut() {
        cut = true;
        links.forEach(link -> link.dead = true);
    }

    /** From now on what is sent on new connections passes. */
    void mend() {
        cut = false;
    }

    /** Connections that the gateway has not closed, on which nothing passes. */
    long stuck() {
        return links.stream().filter(link -> link.dead && !link.closed).count();
    }

    private void accept() {
        try {
            while (true) {
                Link link = new Link(door.accept(), new Socket(InetAddress.getLoopbackAddress(), server), cut);
                links.add(link);
                Thread.ofVirtual().start(() -> link.pump(link.caller, link.server, true));
                Thread.ofVirtual().start(() -> link.pump(link.server, link.caller, false));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Link link : links) {
            link.caller.close();
            link.server.close();
        }
    }

    private static final class Link {
        private final Socket caller;
        private final Socket server;
        private volatile boolean dead;
        private volatile boolean closed;

        Link(Socket caller, Socket server, boolean dead) {
            this.caller = caller;
            this.server = server;
            this.dead = dead;
        }

        void pump(Socket from, Socket to, boolean ofCaller) {
            byte[] buffer = new byte[8192];
            try (from) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!dead) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException broken) {
                // as if it had ended
            } finally {
                closed |= ofCaller;
            }
        }
    }
}

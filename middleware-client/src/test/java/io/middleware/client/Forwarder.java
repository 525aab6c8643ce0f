package io.middleware.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Carries bytes between a port of its own and a server's, until it freezes: then connections stay open and nothing
 * passes.
 */
final class Forwarder implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile boolean frozen;

    Forwarder(int port) throws IOException {
        this.port = port;
        Thread.startVirtualThread(this::accept);
    }

    String target() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    void freeze() {
        frozen = true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.addAll(List.of(caller, server));
                Thread.startVirtualThread(() -> carry(caller, server));
                Thread.startVirtualThread(() -> carry(server, caller));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                if (!frozen) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // one side is gone, and the other will notice
        }
    }
}

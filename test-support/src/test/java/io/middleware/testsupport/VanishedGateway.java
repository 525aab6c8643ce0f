package io.middleware.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Takes no connection and refuses none, as a machine that is gone: its system has as many waiting as it keeps. */
final class VanishedGateway implements AutoCloseable {
    private static final int MORE_THAN_WAIT = 8;

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> waiting = new ArrayList<>();

    VanishedGateway() throws IOException {
        for (int i = 0; i < MORE_THAN_WAIT; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(socket.getInetAddress(), port()));
            waiting.add(channel);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        socket.close();
    }
}

package io.middleware.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection by HTTP/1.1 on which requests are written piece by piece. */
public final class RawHttp1Caller implements AutoCloseable {
    /** Ends a body that is sent in chunks. */
    public static final String LAST_CHUNK = "0\r\n\r\n";

    /** Ends the headers of a message. */
    public static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket;
    private final InputStream in;

    public RawHttp1Caller(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = socket.getInputStream();
    }

    /** Sends a POST without the end of its body. */
    public void begin(String path, String contentType) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: " + contentType
                + "\r\n\r\n1\r\n\0\r\n");
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns what comes, up to and with {@code end}. */
    public String readUntil(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.lastIndexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("closed after: %s", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package io.middleware.gateway.warmup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Makes one call after the other on a connection. A plain socket, as an HTTP client would have more to start than the calls. */
final class OwnCaller implements AutoCloseable {
    private final Socket socket;
    private final byte[] request;
    private final byte[] response = new byte[4096];

    /** {@code patience}: the longest wait for a response. */
    OwnCaller(int port, String method, Duration patience) throws IOException {
        request = """
                POST %s HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Content-Length: 2\r
                \r
                {}""".formatted(method).getBytes(StandardCharsets.US_ASCII);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(Math.max(1, patience.toMillis())));
    }

    /** Makes a call. Returns its response: head and body, which is an object in JSON, whatever it says. */
    String call() throws IOException {
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        int length = 0;
        do {
            int more = in.read(response, length, response.length - length);
            if (more <= 0) {
                throw new EOFException("the response ended after " + length + " bytes");
            }
            length += more;
        } while (response[length - 1] != '}');
        return new String(response, 0, length, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

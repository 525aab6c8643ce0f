package io.middleware.gateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One end of an HTTP/2 connection that says what no library would: frames as they are asked for, headers octet by octet. */
public final class RawHttp2Peer implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RESET = 3;
    public static final int GOAWAY = 7;
    public static final int END_STREAM = 1;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /** What came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        public boolean ends() {
            return type <= HEADERS && (flags & END_STREAM) != 0;
        }

        /** The code of a reset or a GOAWAY. */
        public int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** All that came on a stream: the headers and the trailers; the bytes; the code of a reset, -1 for none. */
    public record Response(List<Http2Headers> headers, byte[] body, int reset) {
        /** The last value of a name; null where there is none. */
        public String get(String name) {
            return headers.reversed().stream()
                    .map(some -> some.get(name))
                    .filter(value -> value != null)
                    .map(CharSequence::toString)
                    .findFirst()
                    .orElse(null);
        }
    }

    private RawHttp2Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects to a server on this machine. */
    public static RawHttp2Peer client(int port) throws IOException {
        RawHttp2Peer client = new RawHttp2Peer(new Socket(InetAddress.getLoopbackAddress(), port));
        client.out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        client.write(SETTINGS, 0, 0, new byte[0]);
        return client;
    }

    static RawHttp2Peer server(Socket accepted) throws IOException {
        RawHttp2Peer server = new RawHttp2Peer(accepted);
        server.in.readNBytes(PREFACE.length());
        server.write(SETTINGS, 0, 0, new byte[0]);
        return server;
    }

    /** Sends headers as name, value, name, value: in that order, a character for each octet. */
    public void headers(int stream, boolean last, String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            literal(block, namesAndValues[i]);
            literal(block, namesAndValues[i + 1]);
        }
        write(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block.toByteArray());
    }

    public void data(int stream, boolean last, byte... bytes) {
        write(DATA, last ? END_STREAM : 0, stream, bytes);
    }

    public void reset(int stream, int error) {
        write(RESET, 0, stream, ByteBuffer.allocate(4).putInt(error).array());
    }

    public void goAway(int lastStream, int error) {
        write(
                GOAWAY,
                0,
                0,
                ByteBuffer.allocate(8).putInt(lastStream).putInt(error).array());
    }

    /** Lets the peer send so many bytes more on a stream, or on all together (0). */
    public void allow(int stream, int bytes) {
        write(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** Ends the connection after what was sent. */
    public void finish() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next frame of a call, or a GOAWAY. */
    public Frame next() throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            Frame frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
            if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
                write(SETTINGS, ACK, 0, new byte[0]);
            } else if (frame.type <= HEADERS || frame.type == RESET || frame.type == GOAWAY) {
                return frame;
            }
        }
    }

    public Http2Headers decode(Frame headers) {
        try {
            return decoder.decodeHeaders(headers.stream, Unpooled.wrappedBuffer(headers.payload));
        } catch (Http2Exception e) {
            throw new AssertionError("headers that cannot be read", e);
        }
    }

    /** Waits until a stream has ended. Frames of others are dropped. */
    public Response response(int stream) throws IOException {
        return responses(List.of(stream)).getFirst();
    }

    /** Waits until all these streams have ended. */
    public List<Response> responses(List<Integer> streams) throws IOException {
        Map<Integer, Gathered> gathered = new LinkedHashMap<>();
        streams.forEach(stream -> gathered.put(stream, new Gathered()));
        while (gathered.values().stream().anyMatch(one -> one.response == null)) {
            Frame frame = next();
            Http2Headers decoded = frame.type == HEADERS ? decode(frame) : null;
            if (frame.type == GOAWAY) {
                throw new AssertionError("the connection was ended: " + frame.error() + " "
                        + new String(frame.payload, 8, frame.payload.length - 8, StandardCharsets.UTF_8));
            }
            if (gathered.containsKey(frame.stream)) {
                gathered.get(frame.stream).add(frame, decoded);
            }
        }
        return gathered.values().stream().map(one -> one.response).toList();
    }

    private static final class Gathered {
        private final List<Http2Headers> headers = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Response response;

        void add(Frame frame, Http2Headers decoded) {
            if (decoded != null) {
                headers.add(decoded);
            } else if (frame.type == DATA) {
                body.writeBytes(frame.payload);
            }
            if (frame.type == RESET || frame.ends()) {
                response = new Response(headers, body.toByteArray(), frame.type == RESET ? frame.error() : -1);
            }
        }
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        int length = text.length();
        block.write(Math.min(length, 127));
        if (length >= 127) {
            int rest = length - 127;
            while (rest >= 128) {
                block.write(rest & 127 | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private synchronized void write(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        try {
            out.write(frame.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

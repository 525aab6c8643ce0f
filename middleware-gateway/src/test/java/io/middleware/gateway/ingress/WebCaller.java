package io.middleware.gateway.ingress;

import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A caller by gRPC-Web or Connect, frame by frame. */
public final class WebCaller implements AutoCloseable {
    private final RawHttp2Peer peer;
    private int next = -1;

    /** An envelope of Connect's, or a frame of gRPC's. */
    public record Envelope(int flags, byte[] bytes) {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** Returns the text of the reply that it is. */
        public String message() {
            try {
                return HelloReply.parseFrom(bytes).getMessage();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("no reply: " + text(), e);
            }
        }
    }

    /** {@code port}: of the gateway for gRPC. */
    public WebCaller(int port) {
        try {
            peer = RawHttp2Peer.client(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        peer.allow(0, 64 << 20);
    }

    public RawHttp2Peer peer() {
        return peer;
    }

    /** Begins a call, and returns its stream. {@code more}: name, value, name, value. */
    public int begin(String path, String contentType, String... more) {
        List<String> headers = new ArrayList<>(List.of(
                ":method", "POST", ":scheme", "http", ":path", path, ":authority", "a", "content-type", contentType));
        headers.addAll(List.of(more));
        next += 2;
        peer.headers(next, false, headers.toArray(String[]::new));
        return next;
    }

    /** Makes a whole call, and returns its response. */
    public RawHttp2Peer.Response call(String path, String contentType, byte[] body, String... more) {
        int stream = begin(path, contentType, more);
        for (int at = 0; at < body.length; at += 16 << 10) {
            peer.data(stream, false, Arrays.copyOfRange(body, at, Math.min(body.length, at + (16 << 10))));
        }
        peer.data(stream, true);
        return response(stream);
    }

    public RawHttp2Peer.Response response(int stream) {
        peer.allow(stream, 32 << 20);
        try {
            return peer.response(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the next frame of a stream: its decoded headers, or its bytes. */
    public Object next() {
        try {
            RawHttp2Peer.Frame frame = peer.next();
            return frame.type() == RawHttp2Peer.HEADERS ? peer.decode(frame) : frame.payload();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a request with this text, serialized. */
    public static byte[] request(String message) {
        return HelloRequest.newBuilder().setMessage(message).build().toByteArray();
    }

    public static byte[] envelope(int flags, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flags)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** Returns the envelopes of these messages, one after another. */
    public static byte[] envelopes(byte[]... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(envelope(0, message));
        }
        return all.toByteArray();
    }

    public static List<Envelope> read(byte[] body) {
        List<Envelope> envelopes = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(body);
        while (rest.hasRemaining()) {
            int flags = rest.get() & 0xff;
            byte[] bytes = new byte[rest.getInt()];
            rest.get(bytes);
            envelopes.add(new Envelope(flags, bytes));
        }
        return envelopes;
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    public static byte[] gunzip(byte[] bytes) {
        try {
            return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the only headers of a response. */
    public static Http2Headers headers(RawHttp2Peer.Response response) {
        if (response.headers().size() != 1) {
            throw new AssertionError("more than one block of headers: " + response.headers());
        }
        return response.headers().getFirst();
    }

    @Override
    public void close() {
        try {
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

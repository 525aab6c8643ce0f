package io.middleware.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One end of an HTTP/2 connection that sends what no library would. What is written leaves with {@link #flush}. */
public final class RawFrames implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RESET = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int ENHANCE_YOUR_CALM = 11;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int LARGEST = 16 << 10;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> false, true);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /** A frame that came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        public boolean ends() {
            return (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
        }

        /** Of a GOAWAY its error code. */
        public int goneBecause() {
            return ByteBuffer.wrap(payload).getInt(4);
        }
    }

    private RawFrames(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Connects to this port as a caller, and announces {@code settings} (pairs of an id and a value). */
    public static RawFrames callerOf(int port, int... settings) throws IOException {
        RawFrames peer = new RawFrames(new Socket(InetAddress.getLoopbackAddress(), port));
        peer.out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        peer.settings(settings);
        peer.flush();
        return peer;
    }

    /** Takes the role of the server on an accepted connection. */
    public static RawFrames serverOn(Socket accepted, int... settings) throws IOException {
        RawFrames peer = new RawFrames(accepted);
        peer.in.skipNBytes(PREFACE.length());
        peer.settings(settings);
        peer.flush();
        return peer;
    }

    public void settings(int... settings) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        write(SETTINGS, 0, 0, payload.array());
    }

    /** A call of this method that ends with its headers, or goes on. */
    public void call(int stream, String path, boolean last) throws IOException {
        headers(
                stream,
                new DefaultHttp2Headers()
                        .method("POST")
                        .scheme("http")
                        .authority("a")
                        .path(path)
                        .set("content-type", "application/grpc")
                        .set("te", "trailers"),
                last);
    }

    /** In as many frames as it takes. */
    public void headers(int stream, Http2Headers headers, boolean last) throws IOException {
        byte[] block = encode(stream, headers);
        int first = Math.min(LARGEST, block.length);
        write(HEADERS, (last ? END_STREAM : 0) | (first == block.length ? END_HEADERS : 0), stream, block, 0, first);
        for (int at = first; at < block.length; at += LARGEST) {
            int size = Math.min(LARGEST, block.length - at);
            write(CONTINUATION, at + size == block.length ? END_HEADERS : 0, stream, block, at, size);
        }
    }

    private byte[] encode(int stream, Http2Headers headers) {
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, headers, block);
            return ByteBufUtil.getBytes(block);
        } catch (Http2Exception unlikely) {
            throw new IllegalArgumentException(unlikely);
        } finally {
            block.release();
        }
    }

    /** The headers of this frame; each is to be read, in order. */
    public Http2Headers decode(Frame frame) throws Http2Exception {
        return decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
    }

    public void write(int type, int flags, int stream, byte... payload) throws IOException {
        write(type, flags, stream, payload, 0, payload.length);
    }

    private void write(int type, int flags, int stream, byte[] payload, int from, int size) throws IOException {
        out.write(size >> 16);
        out.writeShort(size);
        out.write(type);
        out.write(flags);
        out.writeInt(stream);
        out.write(payload, from, size);
    }

    public void flush() throws IOException {
        out.flush();
    }

    /** The next frame that came; null when the connection has ended. */
    public Frame read() {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            return new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
        } catch (IOException ended) {
            return null;
        }
    }

    /** The next frame that comes within this time; null if none does. */
    public Frame read(Duration limit) throws IOException {
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
        Frame frame = read();
        socket.setSoTimeout(0);
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        encoder.close();
    }
}

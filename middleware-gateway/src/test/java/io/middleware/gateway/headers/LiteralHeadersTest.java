package io.middleware.gateway.headers;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By the bytes of header blocks, and a peer's decoder that keeps the table. */
class LiteralHeadersTest {
    /** A literal that is never indexed begins with these four bits. */
    private static final int NEVER_INDEXED = 0x10;

    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(LiteralHeaders.RULES);
    private final DefaultHttp2HeadersDecoder peer = new DefaultHttp2HeadersDecoder(false);
    private final ByteBuf block = Unpooled.buffer();

    @AfterEach
    void stop() {
        block.release();
    }

    @Test
    void callsThatDifferByTheirOwnValuesOnly_leaveTheTableToTheRest() throws Http2Exception {
        int first = sizeOf(call(0));
        Set<Integer> later = new HashSet<>();
        for (int i = 1; i < 500; i++) {
            later.add(sizeOf(call(i)));
        }

        assertThat(later).as("sizes of all later blocks").hasSize(1);
        assertThat(first - later.iterator().next())
                .as("what is known to the peer after the first")
                .isGreaterThan(60);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "cookie",
                "set-cookie",
                "x-api-key",
                "middleware-client-certificate",
                "x-call-id",
                "traceparent",
                "tracestate",
                "grpc-timeout",
                "idempotency-key",
                "grpc-status-details-bin"
            })
    void secretsAndValuesOfOneCall_areLiteralsThatNobodyIndexes(String name) throws Http2Exception {
        for (int i = 0; i < 3; i++) {
            block.clear();
            sizeOf(new DefaultHttp2Headers(false).add(name, "value"));
            assertThat(block.getByte(0) & 0xf0).as("round %d", i).isEqualTo(NEVER_INDEXED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-agent", "grpc-accept-encoding", "x-tenant", "middleware-caller", "binary"})
    void allOthers_areIndexedFromTheirSecondCallOn(String name) throws Http2Exception {
        sizeOf(new DefaultHttp2Headers(false).add(name, "value"));
        block.clear();

        assertThat(sizeOf(new DefaultHttp2Headers(false).add(name, "value"))).isEqualTo(1);
    }

    private static Http2Headers call(int number) {
        return new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .path("/io.middleware.hello.v1.HelloService/SayHello")
                .authority("gateway:9090")
                .add("content-type", "application/grpc")
                .add("te", "trailers")
                .add("user-agent", "grpc-java-netty/1.76.0")
                .add("grpc-timeout", 1_000_000 + number + "u")
                .add("x-call-id", "%016x".formatted(number))
                .add("traceparent", "00-%032x-%016x-01".formatted(number, number))
                .add("authorization", "Bearer %05d".formatted(number));
    }

    /** Encodes headers, checks that the peer reads the same, and returns the size of the block. */
    private int sizeOf(Http2Headers headers) throws Http2Exception {
        int before = block.writerIndex();
        encoder.encodeHeaders(1, headers, block);
        ByteBuf written = block.slice(before, block.writerIndex() - before);
        int size = written.readableBytes();
        assertThat(peer.decodeHeaders(1, written)).isEqualTo(headers);
        return size;
    }
}

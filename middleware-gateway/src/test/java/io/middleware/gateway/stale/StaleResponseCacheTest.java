package io.middleware.gateway.stale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.stale.ResponseKey;
import io.middleware.core.stale.StaleResponse;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StaleResponseCacheTest {
    private static final int TOTAL = 100_000;
    private static final int PER_ANSWER = 10_000;

    private long now = -5;
    private final StaleResponseCache cache =
            new StaleResponseCache(TOTAL, PER_ANSWER, Duration.ofMinutes(1), () -> now);

    @Test
    void response_isFoundByItsRequest() {
        StaleResponse answer = answer(framed(100));
        cache.put(question("a"), answer);
        assertThat(cache.get(question("a"))).isSameAs(answer);
        assertThat(cache.get(question("b"))).isNull();
    }

    @Test
    void newerResponse_replacesTheOlder() {
        cache.put(question("a"), answer(framed(100)));
        StaleResponse newer = answer(framed(200));
        cache.put(question("a"), newer);
        assertThat(cache.get(question("a"))).isSameAs(newer);
    }

    @Test
    void response_isForgottenAtItsLongestAge_howeverOftenItIsAskedFor() {
        cache.put(question("a"), answer(framed(100)));
        for (int second = 0; second < 59; second++) {
            now += Duration.ofSeconds(1).toNanos();
            assertThat(cache.get(question("a"))).as("after %d s", second + 1).isNotNull();
        }
        now += Duration.ofSeconds(1).toNanos();
        assertThat(cache.get(question("a"))).isNull();
    }

    @Test
    void whenItIsFull_othersMakeRoom() {
        for (int i = 0; i < 1_000; i++) {
            cache.put(question("question " + i), answer(framed(5_000)));
        }
        long kept = IntStream.range(0, 1_000)
                .filter(i -> cache.get(question("question " + i)) != null)
                .count();
        assertThat(kept)
                .as("answers of 5,000 bytes and a little more in 100,000")
                .isBetween(15L, 19L);
        assertThat(cache.heldBytes()).isBetween(kept * 5_000, (long) TOTAL);
    }

    @Test
    void whatIsAskedForOften_staysWhenOthersMakeRoom() {
        cache.put(question("often"), answer(framed(5_000)));
        for (int i = 0; i < 1_000; i++) {
            cache.get(question("often"));
            cache.put(question("once " + i), answer(framed(5_000)));
        }
        assertThat(cache.get(question("often"))).isNotNull();
    }

    @Test
    void responseThatIsTooLarge_isNotKept() {
        cache.put(question("large message"), answer(framed(PER_ANSWER)));
        cache.put(question("large question".repeat(1_000)), answer(framed(10)));
        NettyHeaders large = new NettyHeaders(new DefaultHttp2Headers().add("large", "x".repeat(PER_ANSWER)));
        cache.put(question("large headers"), new StaleResponse(large, framed(10), headers(), now));
        cache.put(question("large trailers"), new StaleResponse(headers(), framed(10), large, now));
        assertThat(List.of("large message", "large question".repeat(1_000), "large headers", "large trailers"))
                .allMatch(text -> cache.get(question(text)) == null);
    }

    @Test
    void emptyMessage_isKept() {
        cache.put(question("a"), answer(framed(0)));
        assertThat(cache.get(question("a"))).isNotNull();
    }

    @Test
    void compressedMessage_isNotKept_sinceTheNextCallerMayNotReadIt() {
        byte[] compressed = framed(100);
        compressed[0] = 1;
        cache.put(question("a"), answer(compressed));
        assertThat(cache.get(question("a"))).isNull();
    }

    @Test
    void anythingButOneWholeMessage_isNotKept() {
        byte[] none = {};
        byte[] cut = ByteBuffer.allocate(50).put((byte) 0).putInt(46).array();
        byte[] two = ByteBuffer.allocate(30).put(framed(10)).put(framed(10)).array();
        for (byte[] message : List.of(none, cut, two)) {
            cache.put(question("a"), answer(message));
            assertThat(cache.get(question("a"))).isNull();
        }
    }

    @Test
    void eachChunkOfAMessage_canBeReleasedOnItsOwn() {
        byte[] message = framed(3);
        NettyChunk first = (NettyChunk) cache.chunk(message);
        first.bytes().skipBytes(5);
        first.release();
        NettyChunk second = (NettyChunk) cache.chunk(message);
        assertThat(second.size()).isEqualTo(8);
        byte[] read = new byte[10];
        second.copyTo(read, 2);
        assertThat(read).startsWith(0, 0, 0, 0, 0, 0, 3);
        second.release();
        assertThat(second.bytes().refCnt()).isZero();
    }

    private static ResponseKey question(String message) {
        return ResponseKey.of("/a/B", headers(), List.of(), message.getBytes(UTF_8));
    }

    private StaleResponse answer(byte[] message) {
        return new StaleResponse(headers(), message, headers(), now);
    }

    private static NettyHeaders headers() {
        return new NettyHeaders(new DefaultHttp2Headers());
    }

    /** A message of so many bytes, with gRPC's prefix. */
    private static byte[] framed(int bytes) {
        return ByteBuffer.allocate(5 + bytes).put((byte) 0).putInt(bytes).array();
    }
}

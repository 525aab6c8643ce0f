package io.middleware.gateway.ingress.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestCountTest {
    private static final byte[] ONE = {0, 0, 0, 0, 3, 'a', 'b', 'c'};
    private static final byte[] EMPTY = {0, 0, 0, 0, 0};

    @Test
    void oneMessage_inAnyPieces() {
        for (int size = 1; size <= ONE.length; size++) {
            RequestCount count = new RequestCount(path -> true, "/a.B/C");
            assertThat(count.allowsEnd()).isFalse();
            for (int at = 0; at < ONE.length; at += size) {
                assertThat(count.allows(Unpooled.wrappedBuffer(ONE, at, Math.min(size, ONE.length - at))))
                        .isTrue();
            }
            assertThat(count.allowsEnd()).isTrue();
            assertThat(count.allows(Unpooled.wrappedBuffer(ONE, 0, 1))).isFalse();
            assertThat(count.failure().message()).contains("/a.B/C", "expected: exactly one");
        }
    }

    @Test
    void twoMessages_inOnePiece() {
        for (byte[] message : new byte[][] {ONE, EMPTY}) {
            RequestCount one = new RequestCount(path -> true, "/a.B/C");
            assertThat(one.allows(Unpooled.wrappedBuffer(message, message))).isFalse();
        }
        assertThat(new RequestCount(path -> true, "/a.B/C").allows(Unpooled.wrappedBuffer(EMPTY)))
                .isTrue();
    }

    @Test
    void methodOfAnyNumber_isLookedUpOnce() {
        AtomicInteger asked = new AtomicInteger();
        RequestCount count = new RequestCount(path -> asked.incrementAndGet() < 0, "/a.B/C");
        for (int i = 0; i < 5; i++) {
            assertThat(count.allows(Unpooled.wrappedBuffer(ONE))).isTrue();
        }
        assertThat(count.allowsEnd()).isTrue();
        assertThat(asked).hasValue(1);
    }
}

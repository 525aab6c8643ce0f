package io.middleware.gateway.leaks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** A lost buffer fails the class of tests that has lost it, or a later one. */
class NoLeaksTest {
    @Test
    void lostBuffer_failsAClass() {
        lose();
        await().until(() -> {
            System.gc();
            // Netty looks for lost ones when it makes another
            ByteBufAllocator.DEFAULT.buffer(64).release();
            return LeakDetector.some();
        });

        assertThatThrownBy(NoLeaks::check).isInstanceOf(AssertionError.class).hasMessageContaining("never released");
        assertThatCode(NoLeaks::check).as("once").doesNotThrowAnyException();
    }

    private static void lose() {
        ByteBufAllocator.DEFAULT.buffer(64);
    }
}

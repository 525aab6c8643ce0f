package io.middleware.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Chunk;
import io.middleware.core.Settings;
import io.middleware.core.fixture.Chunks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestBufferTest {
    private final Chunks chunks = new Chunks();
    private final RequestBuffer.Limits limits = new RequestBuffer.Limits(new Settings.Replays(10, 15));

    @AfterEach
    void everyChunkIsReleased() {
        chunks.assertAllReleased();
        assertThat(limits.held().get()).isZero();
    }

    @Test
    void keepsUpToTheLimitOfACall() {
        RequestBuffer replay = new RequestBuffer(limits);
        keep(replay, "12345");
        keep(replay, "67890");
        assertThat(replay.complete()).isTrue();
        assertThat(limits.held().get()).isEqualTo(10);
        keep(replay, "x");
        assertThat(replay.complete()).isFalse();
        assertThat(limits.held().get()).as("freed at once").isZero();
    }

    @Test
    void keepsUpToTheLimitOfAllCalls_andSparesThoseThatKeptBefore() {
        RequestBuffer first = new RequestBuffer(limits);
        keep(first, "1234567890");
        RequestBuffer second = new RequestBuffer(limits);
        keep(second, "123456");
        assertThat(second.complete()).isFalse();
        assertThat(first.complete()).isTrue();
        assertThat(limits.held().get()).isEqualTo(10);
        RequestBuffer third = new RequestBuffer(limits);
        keep(third, "12345");
        assertThat(third.complete()).isTrue();
        first.release();
        third.release();
    }

    @Test
    void releasedTwice_freesOnce() {
        RequestBuffer replay = new RequestBuffer(limits);
        keep(replay, "123");
        replay.release();
        replay.release();
        assertThat(replay.complete()).isFalse();
    }

    @Test
    void emptyMessage_isKeptEvenWithNoRoomAtAll() {
        RequestBuffer.Limits none = new RequestBuffer.Limits(new Settings.Replays(0, 0));
        RequestBuffer replay = new RequestBuffer(none);
        keep(replay, "");
        assertThat(replay.complete()).isTrue();
        keep(replay, "x");
        assertThat(replay.complete()).isFalse();
        assertThat(none.held().get()).isZero();
    }

    @Test
    void nothingIsKeptAfterTheRelease() {
        RequestBuffer replay = new RequestBuffer(limits);
        replay.release();
        keep(replay, "123");
        assertThat(limits.held().get()).isZero();
    }

    private void keep(RequestBuffer replay, String text) {
        Chunk chunk = chunks.of(text);
        replay.keep(chunk, false);
        chunk.release();
    }
}

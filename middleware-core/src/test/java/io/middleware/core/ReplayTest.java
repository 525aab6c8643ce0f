package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final Chunks chunks = new Chunks();
    private final Replay.Limits limits = new Replay.Limits(new Settings.Replays(10, 15));

    @AfterEach
    void everyChunkIsReleased() {
        chunks.assertAllReleased();
        assertThat(limits.held().get()).isZero();
    }

    @Test
    void keepsUpToTheLimitOfACall() {
        Replay replay = new Replay(limits);
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
        Replay first = new Replay(limits);
        keep(first, "1234567890");
        Replay second = new Replay(limits);
        keep(second, "123456");
        assertThat(second.complete()).isFalse();
        assertThat(first.complete()).isTrue();
        assertThat(limits.held().get()).isEqualTo(10);
        Replay third = new Replay(limits);
        keep(third, "12345");
        assertThat(third.complete()).isTrue();
        first.release();
        third.release();
    }

    @Test
    void releasedTwice_freesOnce() {
        Replay replay = new Replay(limits);
        keep(replay, "123");
        replay.release();
        replay.release();
        assertThat(replay.complete()).isFalse();
    }

    @Test
    void emptyMessage_isKeptEvenWithNoRoomAtAll() {
        Replay.Limits none = new Replay.Limits(new Settings.Replays(0, 0));
        Replay replay = new Replay(none);
        keep(replay, "");
        assertThat(replay.complete()).isTrue();
        keep(replay, "x");
        assertThat(replay.complete()).isFalse();
        assertThat(none.held().get()).isZero();
    }

    @Test
    void nothingIsKeptAfterTheRelease() {
        Replay replay = new Replay(limits);
        replay.release();
        keep(replay, "123");
        assertThat(limits.held().get()).isZero();
    }

    private void keep(Replay replay, String text) {
        Chunk chunk = chunks.of(text);
        replay.keep(chunk, false);
        chunk.release();
    }
}

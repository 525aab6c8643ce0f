package io.middleware.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Makes chunks, and knows which handles on them were not released. */
final class Chunks {
    private final List<Handle> handles = new ArrayList<>();

    Chunk of(String text) {
        return new Handle(text);
    }

    void assertAllReleased() {
        assertThat(handles.stream().filter(handle -> !handle.released))
                .as("chunks that nobody released")
                .isEmpty();
    }

    static String text(Chunk chunk) {
        return ((Handle) chunk).text;
    }

    private final class Handle implements Chunk {
        private final String text;
        private boolean released;

        Handle(String text) {
            this.text = text;
            handles.add(this);
        }

        @Override
        public int size() {
            return text.length();
        }

        @Override
        public Chunk copy() {
            assertThat(released).as("%s is copied after its release", text).isFalse();
            return new Handle(text);
        }

        @Override
        public void copyTo(byte[] target, int at) {
            assertThat(released).as("%s is read after its release", text).isFalse();
            System.arraycopy(text.getBytes(UTF_8), 0, target, at, text.length());
        }

        @Override
        public void release() {
            assertThat(released).as("%s is released twice", text).isFalse();
            released = true;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

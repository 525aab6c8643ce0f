package io.middleware.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told, and objects to anything after the end. */
final class RecordingCaller implements Caller {
    final List<String> heard = new ArrayList<>();
    int writabilityChanges;
    Headers leading;
    Headers trailing;
    Failure failure;
    Code status;
    /** What the caller is told in words of the end. */
    String message;

    Runnable onHeaders = () -> {};
    Runnable onWritabilityChanged = () -> {};
    Runnable onEnd = () -> {};
    private boolean ended;

    @Override
    public void headers(Headers headers) {
        assertNotEnded("headers");
        assertThat(headers).as("headers").isNotNull();
        leading = headers;
        heard.add("headers");
        onHeaders.run();
    }

    @Override
    public void chunk(Chunk chunk) {
        String text = Chunks.text(chunk);
        chunk.release();
        assertNotEnded("chunk " + text);
        heard.add(text);
    }

    @Override
    public void trailers(Headers trailers) {
        assertNotEnded("trailers");
        ended = true;
        status = trailers.code();
        message = trailers.message();
        trailing = trailers;
        heard.add("trailers " + status);
        onEnd.run();
    }

    @Override
    public void failed(Failure failure) {
        assertNotEnded("failed");
        ended = true;
        this.failure = failure;
        status = failure.code();
        message = failure.message();
        heard.add("failed " + status);
        onEnd.run();
    }

    @Override
    public void writabilityChanged() {
        assertNotEnded("writabilityChanged");
        writabilityChanges++;
        onWritabilityChanged.run();
    }

    boolean ended() {
        return ended;
    }

    /** The caller went away: whatever it is told now is one thing too many. */
    void leave() {
        ended = true;
    }

    void assertAnswered(String... chunks) {
        List<String> expected = new ArrayList<>(List.of(chunks));
        expected.addFirst("headers");
        expected.add("trailers OK");
        assertThat(heard).containsExactlyElementsOf(expected);
    }

    /** {@code detailed}: the words that name the instances. */
    void assertFailed(Code code, String detailed) {
        assertThat(failure).as("what the caller was told: %s", heard).isNotNull();
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.detailed()).isEqualTo(detailed);
    }

    private void assertNotEnded(String what) {
        assertThat(ended).as("%s after the end; before it came %s", what, heard).isFalse();
    }
}

package io.middleware.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CodecStreamTest {
    private static final int FRAMES = 16;
    private static final int FIRST_WINDOW = 65_535;

    private final List<String> read = new ArrayList<>();
    private final List<ByteBuf> sent = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private ServerCodec codec;
    private CodecStream stream;
    /** What the reader does with data. */
    private Runnable onData = () -> {};
    /** What it does with a reset. */
    private Runnable onReset = () -> {};
    /** What it does at the end. */
    private Runnable onClosed = () -> {};

    @BeforeEach
    void openStream() throws Http2Exception {
        codec = Http2.withServer(new NoEvents());
        channel.pipeline().addLast(codec);
        stream = codec.open(new Reader());
        stream.headers(
                new DefaultHttp2Headers(false).method("POST").path("/a.B/C").scheme("http"), false);
    }

    @AfterEach
    void releaseAll() {
        assertThat(sent).allSatisfy(data -> assertThat(data.refCnt()).isZero());
        channel.finishAndReleaseAll();
    }

    @Test
    void frames_areHandedOnAtOnce_andTheirBytesGivenBack() {
        stream.receive(new DefaultHttp2Headers(false).status("200"), false);

        assertThat(receive(data("one"), false)).isEqualTo(3);
        assertThat(read).containsExactly("headers", "one");
    }

    @Test
    void framesOfAPausedStream_areHeldInOrder_andTheirBytesKept() {
        stream.pause(true);

        stream.receive(new DefaultHttp2Headers(false).status("200"), false);
        assertThat(receive(data("one"), false)).isZero();
        assertThat(read).isEmpty();

        stream.pause(false);
        assertThat(read).containsExactly("headers", "one");
        assertThat(receive(data("two"), false)).isEqualTo(3);
        assertThat(read).containsExactly("headers", "one", "two");
    }

    @Test
    void aReaderThatPausesWhileItIsHandedFrames_getsNoMoreOfThem() {
        stream.pause(true);
        receive(data("one"), false);
        receive(data("two"), false);
        onData = () -> stream.pause(true);

        stream.pause(false);

        assertThat(read).containsExactly("one");
        onData = () -> {};
        stream.pause(false);
        assertThat(read).containsExactly("one", "two");
    }

    @Test
    void aReaderThatResumesWhileItIsHandedFrames_getsEachOnce() {
        stream.pause(true);
        receive(data("one"), false);
        receive(data("two"), false);
        onData = () -> {
            stream.pause(true);
            stream.pause(false);
        };

        stream.pause(false);

        assertThat(read).containsExactly("one", "two");
    }

    @Test
    void theEndOfAPausedStream_handsOnWhatIsHeld_thenEnds_once() {
        stream.pause(true);
        receive(data("one"), true);

        stream.closed();
        stream.closed();
        stream.pause(true);
        stream.pause(false);

        assertThat(read).containsExactly("one", "closed");
    }

    /** Giving bytes back flushes once they are half of the window, and with the last frame of ours the stream ends. */
    @Test
    void theEndOfAStreamWhoseReaderPausesAgain_comesAfterItsLastFrame() {
        stream.pause(true);
        for (int i = 1; i <= FRAMES; i++) {
            receive(data("x".repeat(FIRST_WINDOW / FRAMES)), i == FRAMES);
        }
        opened().closeRemoteSide();
        stream.data(Unpooled.EMPTY_BUFFER, true);
        onData = () -> {
            if (read.size() == FRAMES - 2) {
                stream.pause(true);
            }
        };

        stream.pause(false);

        assertThat(read).hasSize(FRAMES + 1).endsWith("closed");
    }

    @Test
    void aReaderThatFailsAtTheEnd_keepsNoOtherFromIt() throws Http2Exception {
        List<String> other = new ArrayList<>();
        onClosed = () -> {
            throw new IllegalStateException("broken");
        };
        codec.open(new Reader() {
            @Override
            public void onClosed() {
                other.add("closed");
            }
        });

        channel.close();

        assertThat(read).containsExactly("closed");
        assertThat(other).containsExactly("closed");
    }

    @Test
    void droppedFrames_areReleased_andNotHandedOn() {
        stream.pause(true);
        stream.receive(new DefaultHttp2Headers(false).status("200"), false);
        receive(data("one"), false);

        stream.drop();

        receive(data("two"), true);
        assertThat(read).containsExactly("two");
    }

    @Test
    void aFailureOfTheReader_isToldToItAlone() {
        onData = () -> {
            throw new IllegalStateException("broken");
        };

        receive(data("one"), false);

        assertThat(read).containsExactly("one", "error: broken");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void aReaderThatFailsAtAReset_isToldOfIt() {
        onReset = () -> {
            throw new IllegalStateException("broken");
        };

        stream.receiveReset(Http2Error.CANCEL);

        assertThat(read).containsExactly("reset", "error: broken");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void theConnectionsWindow_isAsLargeAsItIsSaidToBe() {
        codec.enlargeWindow();

        Http2Connection connection = codec.connection();
        assertThat(connection.local().flowController().windowSize(connection.connectionStream()))
                .isEqualTo(Http2.CONNECTION_WINDOW);
    }

    /** Receives data as the codec does. */
    private int receive(ByteBuf data, boolean last) {
        try {
            codec.connection().local().flowController().receiveFlowControlledFrame(opened(), data, 0, last);
        } catch (Http2Exception impossible) {
            throw new AssertionError(impossible);
        }
        return stream.receive(data, last);
    }

    private Http2Stream opened() {
        Http2Connection connection = codec.connection();
        return connection.stream(connection.local().lastStreamCreated());
    }

    private ByteBuf data(String text) {
        ByteBuf data = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        sent.add(data);
        return data;
    }

    private class Reader implements StreamFrames {
        @Override
        public void onHeaders(Http2Headers headers, boolean last) {
            read.add("headers");
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            read.add(data.toString(StandardCharsets.US_ASCII));
            data.release();
            onData.run();
        }

        @Override
        public void onReset(Http2Error error) {
            read.add("reset");
            onReset.run();
        }

        @Override
        public void onUnseen(Http2Error error) {
            read.add("unseen");
        }

        @Override
        public void onError(Throwable failure) {
            read.add("error: " + failure.getMessage());
        }

        @Override
        public void onWritabilityChanged() {
            read.add("writable");
        }

        @Override
        public void onClosed() {
            read.add("closed");
            onClosed.run();
        }
    }

    private static final class NoEvents implements ConnectionFrames {
        @Override
        public void onSettings(Http2Settings settings) {}

        @Override
        public void onSettingsAck() {}

        @Override
        public void onGoAway(Http2Error error) {}

        @Override
        public void onStreamClosed() {}
    }
}

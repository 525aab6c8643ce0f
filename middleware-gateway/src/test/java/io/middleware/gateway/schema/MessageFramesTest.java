package io.middleware.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import com.sun.management.ThreadMXBean;
import io.middleware.core.Code;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageFramesTest {
    private final List<String> messages = new ArrayList<>();
    private final MessageFrames frames =
            new MessageFrames(10, message -> messages.add(new String(message, StandardCharsets.UTF_8)));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 100})
    void messages_areReadHoweverTheChunksAreCut(int size) throws Exception {
        ByteBuf all = Unpooled.wrappedBuffer(frame("one"), frame(""), frame("three"));

        while (all.isReadable()) {
            frames.read(all.readSlice(Math.min(size, all.readableBytes())));
        }

        assertThat(messages).containsExactly("one", "", "three");
        assertThat(frames.incomplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 7})
    void endInTheMiddle_isSeen(int size) throws Exception {
        frames.read(frame("one").readSlice(size));

        assertThat(messages).isEmpty();
        assertThat(frames.incomplete()).isTrue();
    }

    @Test
    void compressedMessage_isRefused() {
        assertThatThrownBy(() -> frames.read(frame("one").setByte(0, 1)))
                .isInstanceOfSatisfying(
                        MessageFrames.UnreadableException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INTERNAL))
                .hasMessage("the server compressed its response, though the request did not allow it");
    }

    @Test
    void tooLongMessage_isRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> frames.read(frame("eleven chars").readSlice(5)))
                .isInstanceOfSatisfying(
                        MessageFrames.UnreadableException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.RESOURCE_EXHAUSTED))
                .hasMessage("the server's response has 12 bytes (expected: at most 10)");
    }

    @Test
    void message_takesRoomAsItComes() throws Exception {
        int announced = 16 << 20;
        List<Integer> reported = new ArrayList<>();
        MessageFrames large =
                new MessageFrames(announced, reported::add, message -> messages.add("of " + message.length));
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = memory.getCurrentThreadAllocatedBytes();
        large.read(Unpooled.buffer(15).writeByte(0).writeInt(announced).writeZero(10));
        long taken = memory.getCurrentThreadAllocatedBytes() - before;
        for (int rest = announced - 10; rest > 0; rest -= 1 << 20) {
            large.read(Unpooled.buffer().writeZero(Math.min(rest, 1 << 20)));
        }

        assertThat(taken).isLessThan(1 << 20);
        assertThat(reported).startsWith(10, 10 + (1 << 20)).endsWith(announced).isSorted();
        assertThat(messages).containsExactly("of " + announced);
    }

    @Test
    void messageWithoutRoom_isRefused() {
        MessageFrames full = new MessageFrames(
                10,
                bytes -> {
                    throw new MessageFrames.UnreadableException(Code.RESOURCE_EXHAUSTED, "full at " + bytes);
                },
                message -> messages.add("none"));

        assertThatThrownBy(() -> full.read(frame("three"))).hasMessage("full at 5");
        assertThat(messages).isEmpty();
    }

    @Test
    void lengthThatNoIntHolds_isRefused() {
        assertThatThrownBy(() -> frames.read(Unpooled.buffer().writeByte(0).writeInt(-1)))
                .hasMessage("the server's response has 4294967295 bytes (expected: at most 10)");
    }

    @Test
    void frameOfAMessage_isReadAgain() throws Exception {
        StringValue value = StringValue.of("Olá");

        frames.read(MessageFrames.frame(value));

        assertThat(messages).containsExactly("\n\u0004Olá");
    }

    private static ByteBuf frame(String message) {
        return MessageFrames.frame(message.getBytes(StandardCharsets.UTF_8)).copy();
    }
}

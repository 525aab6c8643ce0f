package io.middleware.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageBoundariesTest {

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "00, true",
        "00000000, true",
        "0000000000, false",
        "0000000001, true",
        "0000000001ff, false",
        "0000000001ff00, true",
        "000000000200ff0000000000, false",
        "01000000010f, false",
        "00ffffffff00, true"
    })
    void messages_endWhereTheirLengthsSay(String hex, boolean inMessage) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        for (int pieces = 1; pieces <= 3; pieces++) {
            MessageBoundaries boundaries = new MessageBoundaries(true);
            for (int from = 0, size = Math.ceilDiv(bytes.length, pieces); from < bytes.length; from += size) {
                assertThat(boundaries.follow(Unpooled.wrappedBuffer(bytes, from, Math.min(size, bytes.length - from))))
                        .isNull();
            }
            assertThat(boundaries.inMessage()).as("in %s pieces", pieces).isEqualTo(inMessage);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3c68746d6c, true, no message",
        "02, true, no message",
        "ff, true, no message",
        "01, false, grpc-encoding",
        "0000000000 80, true, no message"
    })
    void bytesOfAnotherForm_areNoMessages(String hex, boolean compression, String reason) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(new MessageBoundaries(compression).follow(Unpooled.wrappedBuffer(bytes)))
                .contains(reason);
    }
}

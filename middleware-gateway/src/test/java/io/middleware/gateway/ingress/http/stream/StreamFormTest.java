package io.middleware.gateway.ingress.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamFormTest {
    private final ByteBuf out = Unpooled.buffer();

    private String written(StreamForm form) {
        form.keepAlive(out);
        for (int number = 1; number <= 2; number++) {
            form.begin(out, number);
            out.writeCharSequence("{}", StandardCharsets.US_ASCII);
            form.finish(out);
            form.keepAlive(out);
            form.keepAlive(out);
        }
        form.error(out, 3, "{}".getBytes(StandardCharsets.US_ASCII));
        form.end(out, 3);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void linesOfAStreamWithSilences_areJsonEach() {
        assertThat(written(StreamForm.LINES)
                        .lines()
                        .map(line -> JsonParser.parseString(line).toString()))
                .containsExactly("{}", "{}", "{\"error\":{}}");
    }

    @Test
    void arrayOfAStreamWithSilences_isJson() {
        assertThat(JsonParser.parseString(written(StreamForm.ARRAY)).toString()).isEqualTo("[{},{},{\"error\":{}}]");
    }

    @Test
    void eventsOfAStreamWithSilences_haveCommentsBetween() {
        assertThat(written(StreamForm.EVENTS).replace(":\n\n", ""))
                .isEqualTo("id: 1\ndata: {}\n\nid: 2\ndata: {}\n\nevent: error\ndata: {}\n\n");
    }
}

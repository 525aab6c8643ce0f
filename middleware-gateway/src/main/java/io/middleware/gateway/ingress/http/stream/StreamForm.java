package io.middleware.gateway.ingress.http.stream;

import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** How a stream of messages becomes one body. */
enum StreamForm {
    /** A line for each message; the last one is {@code {"error": ...}} if the stream failed. */
    LINES(ContentTypes.NDJSON) {
        @Override
        void begin(ByteBuf out, long number) {}

        @Override
        void finish(ByteBuf out) {
            out.writeByte('\n');
        }

        @Override
        void keepAlive(ByteBuf out) {
            // leads the next line: readers that parse each line would choke on an empty one
            out.writeByte(' ');
        }
    },

    /** An event for each message, with its number as id; the last one is {@code error} if the stream failed. */
    EVENTS(ContentTypes.EVENTS) {
        @Override
        void begin(ByteBuf out, long number) {
            ascii(out, "id: ");
            ascii(out, Long.toString(number));
            ascii(out, "\ndata: ");
        }

        @Override
        void finish(ByteBuf out) {
            ascii(out, "\n\n");
        }

        @Override
        void error(ByteBuf out, long number, byte[] error) {
            ascii(out, "event: error\ndata: ");
            out.writeBytes(error);
            finish(out);
        }

        @Override
        void keepAlive(ByteBuf out) {
            ascii(out, ":\n\n");
        }
    },

    /** An array of all messages; its last element is {@code {"error": ...}} if the stream failed. */
    ARRAY(ContentTypes.JSON) {
        @Override
        void begin(ByteBuf out, long number) {
            ascii(out, number == 1 ? "[" : ",\n");
        }

        @Override
        void finish(ByteBuf out) {}

        @Override
        void end(ByteBuf out, long messages) {
            ascii(out, messages == 0 ? "[]\n" : "]\n");
        }

        @Override
        void keepAlive(ByteBuf out) {
            out.writeByte('\n');
        }
    },

    /** The bytes of {@code google.api.HttpBody} messages, with the content type of the first. */
    RAW("application/octet-stream") {
        @Override
        void begin(ByteBuf out, long number) {}

        @Override
        void finish(ByteBuf out) {}

        @Override
        void keepAlive(ByteBuf out) {}
    };

    private final String contentType;

    StreamForm(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** Writes what comes before a message; {@code number}: of the message, from 1. */
    abstract void begin(ByteBuf out, long number);

    /** Writes what comes after a message. */
    abstract void finish(ByteBuf out);

    /** Writes an error, as JSON, in the place of message {@code number}. */
    void error(ByteBuf out, long number, byte[] error) {
        begin(out, number);
        ascii(out, "{\"error\":");
        out.writeBytes(error);
        ascii(out, "}");
        finish(out);
    }

    /** Writes what ends the body; {@code messages}: how many there were, an error among them. */
    void end(ByteBuf out, long messages) {}

    /** Writes what readers ignore, so that nobody takes the stream for dead. */
    abstract void keepAlive(ByteBuf out);

    private static void ascii(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }
}

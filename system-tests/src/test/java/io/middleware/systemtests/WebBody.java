package io.middleware.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.hello.v1.HelloReply;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a response of one of the protocols over plain HTTP, and insists on the end that the protocol prescribes. */
final class WebBody {

    private static final JsonMapper JSON = new JsonMapper();
    /** Streams in base64 may be padded after any frame. */
    private static final Pattern BASE64_PIECE = Pattern.compile("[A-Za-z0-9+/]+=*");

    private final HttpResponse<byte[]> response;
    private final List<String> messages = new ArrayList<>();
    private String error = "no end";

    private WebBody(HttpResponse<byte[]> response) {
        this.response = response;
    }

    static Received read(HttpResponse<byte[]> response) {
        WebBody body = new WebBody(response);
        try {
            body.read();
        } catch (InvalidProtocolBufferException | RuntimeException malformed) {
            body.error = "malformed: " + malformed;
        }
        boolean retried = response.headers().firstValue("middleware-tried").isPresent();
        return new Received(body.messages, body.error, retried);
    }

    private void read() throws InvalidProtocolBufferException {
        byte[] bytes = response.body();
        String text = new String(bytes, UTF_8);
        if (response.statusCode() != 200) {
            error = response.statusCode() + " " + text;
            return;
        }
        switch (contentType()) {
            case "application/json" -> readJson(JSON.readTree(text));
            case "application/proto" -> {
                addReply(bytes);
                error = "";
            }
            case "application/x-ndjson" -> {
                error = "";
                text.lines().forEach(line -> readElement(JSON.readTree(line)));
            }
            case "text/event-stream" -> {
                error = "";
                text.lines()
                        .filter(line -> line.startsWith("data: "))
                        .forEach(line -> readElement(JSON.readTree(line.substring("data: ".length()))));
            }
            case "application/grpc-web-text" -> readEnvelopes(fromBase64(text));
            default -> readEnvelopes(bytes);
        }
    }

    /** A reply, or an array of them. */
    private void readJson(JsonNode json) {
        error = "";
        if (json.isArray()) {
            json.forEach(this::readElement);
        } else {
            readElement(json);
        }
    }

    private void readElement(JsonNode element) {
        JsonNode fault = element.has("error") ? element.get("error") : element;
        if (fault.has("code")) {
            error = fault.get("code").asString() + ": " + fault.get("message").asString();
        } else {
            messages.add(element.get("message").asString());
        }
    }

    private void readEnvelopes(byte[] body) throws InvalidProtocolBufferException {
        ByteBuffer rest = ByteBuffer.wrap(body);
        while (rest.hasRemaining()) {
            int flags = rest.get() & 0xff;
            byte[] envelope = new byte[rest.getInt()];
            rest.get(envelope);
            switch (flags) {
                case 0 -> addReply(envelope);
                case 2 -> endOfConnect(JSON.readTree(envelope));
                case 0x80 -> endOfGrpcWeb(new String(envelope, UTF_8));
                default -> error = "unknown flags: " + flags;
            }
        }
    }

    private void endOfConnect(JsonNode end) {
        error = "";
        if (end.has("error")) {
            readElement(end);
        }
    }

    private void endOfGrpcWeb(String trailers) {
        error = switch (trailer("grpc-status", trailers)) {
            case "0" -> "";
            case "14" -> "unavailable: " + trailer("grpc-message", trailers);
            default -> trailers;
        };
    }

    private static String trailer(String name, String trailers) {
        return trailers.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("none");
    }

    private void addReply(byte[] reply) throws InvalidProtocolBufferException {
        messages.add(
                contentType().endsWith("+json")
                        ? JSON.readTree(reply).get("message").asString()
                        : HelloReply.parseFrom(reply).getMessage());
    }

    private String contentType() {
        return response.headers().firstValue("content-type").orElse("");
    }

    private static byte[] fromBase64(String text) {
        ByteBuffer decoded = ByteBuffer.allocate(text.length());
        BASE64_PIECE
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .forEach(piece -> decoded.put(Base64.getDecoder().decode(piece)));
        byte[] bytes = new byte[decoded.flip().remaining()];
        decoded.get(bytes);
        return bytes;
    }
}

package io.middleware.gateway.ingress.http.result;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An error in the form of the Connect protocol.
 *
 * @param statusDetails the value of {@code grpc-status-details-bin}; null if there is none
 * @param headers       headers that go with it
 */
public record ConnectError(
        Code code, String message, @Nullable CharSequence statusDetails, Map<String, String> headers) {
    public ConnectError(Code code, String message, @Nullable CharSequence statusDetails) {
        this(code, message, statusDetails, Map.of());
    }

    public ConnectError(Code code, String message) {
        this(code, message, null);
    }

    /** Returns the error of a call that the middleware itself ended. {@code message}: what its caller may know. */
    public static ConnectError of(Failure failure, String message) {
        Map<String, String> headers = failure.headers().stream()
                .collect(Collectors.toUnmodifiableMap(Failure.Header::name, Failure.Header::value));
        return new ConnectError(failure.code(), message, null, headers);
    }

    public static Refusal invalidArgument(String message) {
        return new ConnectError(Code.INVALID_ARGUMENT, message).refusal();
    }

    public Refusal refusal() {
        return new Refusal(answer());
    }

    /** Returns the result of a unary call, with the HTTP status that the protocol maps the code to. */
    public HttpResult answer() {
        return answer(httpStatus(code), headers);
    }

    /** Returns the result with another HTTP status and further headers. */
    public HttpResult answer(int status, Map<String, String> headers) {
        return new HttpResult(
                status, ContentTypes.JSON, json().toString().getBytes(StandardCharsets.UTF_8), headers, this);
    }

    /** Returns the result of a stream, whose errors travel in its last message under status 200. */
    public HttpResult endOfStream(String contentType) {
        JsonObject end = new JsonObject();
        end.add("error", json());
        byte[] message = end.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer enveloped = ByteBuffer.allocate(5 + message.length)
                .put((byte) 2)
                .putInt(message.length)
                .put(message);
        return new HttpResult(200, contentType, enveloped.array());
    }

    static int httpStatus(Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case DEADLINE_EXCEEDED -> 504;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case PERMISSION_DENIED -> 403;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case UNAUTHENTICATED -> 401;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    /** Returns the code as the protocol spells it. */
    static String name(Code code) {
        return code == Code.CANCELLED ? "canceled" : code.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the error as the protocol writes it. */
    public JsonObject json() {
        JsonObject error = new JsonObject();
        error.addProperty("code", name(code));
        if (!message.isEmpty()) {
            error.addProperty("message", message);
        }
        JsonArray details = details();
        if (!details.isEmpty()) {
            error.add("details", details);
        }
        return error;
    }

    private JsonArray details() {
        JsonArray details = new JsonArray();
        for (Any any : anyDetails()) {
            JsonObject detail = new JsonObject();
            detail.addProperty(
                    "type", any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1));
            detail.addProperty(
                    "value",
                    Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(any.getValue().toByteArray()));
            JsonObject readable = GoogleError.readable(any);
            if (readable != null) {
                readable.remove("@type");
                detail.add("debug", readable); // for people only
            }
            details.add(detail);
        }
        return details;
    }

    /** Returns the details; none if they cannot be read, as the error itself matters more. */
    List<Any> anyDetails() {
        try {
            return statusDetails == null
                    ? List.of()
                    : Status.parseFrom(Base64.getDecoder().decode(statusDetails.toString()))
                            .getDetailsList();
        } catch (IllegalArgumentException | InvalidProtocolBufferException unreadable) {
            return List.of();
        }
    }
}

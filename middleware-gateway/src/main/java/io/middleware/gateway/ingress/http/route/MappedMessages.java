package io.middleware.gateway.ingress.http.route;

import com.google.api.HttpRule;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.middleware.gateway.ingress.http.json.RawBody;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.ContentTypes;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.protojson.FieldNames;
import io.middleware.gateway.protojson.JsonText;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the request message of one {@code google.api.http} rule from path, query and body, and the body from the
 * response message. Fields that neither the path nor the body gives may come as query parameters. A parameter is
 * refused if it names no field, or one that the path or the body has given.
 */
final class MappedMessages {
    private static final String WHOLE = "*";

    private final Transcoder transcoder;
    private final String body;
    private final boolean rawBody;
    /** Null if the whole response message is the body. */
    private final @Nullable FieldDescriptor replyField;

    private final boolean rawReply;
    /** The fields that path and body give. */
    private final Set<List<FieldDescriptor>> bound = new HashSet<>();
    /** Null if no mask is made from the body. */
    private final @Nullable UpdateMask updateMask;

    /** @throws IllegalArgumentException if the rule does not fit the method's messages; the message says why */
    MappedMessages(Transcoder transcoder, HttpRule rule, List<PathTemplate.Variable> variables) {
        this.transcoder = transcoder;
        this.body = rule.getBody();
        this.replyField = rule.getResponseBody().isEmpty()
                ? null
                : HttpRules.field(transcoder.reply(), "response_body", rule.getResponseBody());
        this.rawReply = replyField == null ? RawBody.is(transcoder.reply()) : RawBody.is(replyField);
        this.rawBody = body.equals(WHOLE)
                ? RawBody.is(transcoder.request())
                : !body.isEmpty() && RawBody.is(HttpRules.field(transcoder.request(), "body", body));
        for (PathTemplate.Variable variable : variables) {
            List<FieldDescriptor> path = FieldNames.resolve(transcoder.request(), variable.fieldPath());
            if (path.getLast().isRepeated()) {
                throw new IllegalArgumentException(
                        variable.fieldPath() + " is repeated (expected: a field with one value)");
            }
            RequestTree.checkTakesText(path);
            if (!bound.add(path)) {
                throw new IllegalArgumentException(
                        "variable " + variable.fieldPath() + " twice (expected: each field once)");
            }
        }
        UpdateMask mask = null;
        if (!body.isEmpty() && !body.equals(WHOLE)) {
            FieldDescriptor field = HttpRules.field(transcoder.request(), "body", body);
            mask = HttpRules.verb(rule).equals("PATCH") ? UpdateMask.of(field, Set.copyOf(bound)) : null;
            bound.add(List.of(field));
        }
        updateMask = mask;
    }

    boolean takesBody() {
        return !body.isEmpty();
    }

    /** Returns whether the body is a {@code google.api.HttpBody}: of any type, and taken as it is. */
    boolean takesRawBody() {
        return rawBody;
    }

    /** Returns whether the response is a {@code google.api.HttpBody}, whose bytes are the body. */
    boolean givesRawBody() {
        return rawReply;
    }

    /** Returns the framed message of a request. */
    ByteBuf message(
            Map<String, String> variables, @Nullable String query, @Nullable String contentType, byte[] content) {
        boolean whole = body.equals(WHOLE);
        if (whole && query != null && !query.isEmpty()) {
            throw ConnectError.invalidArgument("query " + query + " (expected: none, the body is the whole message)");
        }
        if (rawBody) {
            return transcoder.toMessage(tree(new JsonObject(), query, variables).json(), raw(contentType, content));
        }
        if (whole && variables.isEmpty() && content.length > 0) {
            return transcoder.toMessage(JsonText.utf8(content));
        }
        JsonObject given = whole && content.length > 0 ? object(content) : new JsonObject();
        if (!body.isEmpty() && !whole && content.length > 0) {
            given.add(body, value(content));
        }
        Message mask = updateMask == null || content.length == 0 ? null : updateMask.of(given.get(body));
        JsonObject request = tree(given, query, variables).json();
        return updateMask == null || mask == null || updateMask.isGiven(request)
                ? transcoder.toMessage(request)
                : transcoder.toMessage(request, mask);
    }

    private Message raw(@Nullable String contentType, byte[] content) {
        if (body.equals(WHOLE)) {
            return RawBody.of(transcoder.request(), contentType, content);
        }
        FieldDescriptor field = FieldNames.resolve(transcoder.request(), body).getFirst();
        DynamicMessage.Builder message = DynamicMessage.newBuilder(transcoder.request());
        return (contentType == null && content.length == 0
                        ? message
                        : message.setField(field, RawBody.of(field.getMessageType(), contentType, content)))
                .buildPartial();
    }

    private RequestTree tree(JsonObject given, @Nullable String query, Map<String, String> variables) {
        RequestTree tree = new RequestTree(transcoder.request(), given);
        if (query != null) {
            QueryParameters.parse(query)
                    .forEach(parameter -> tree.parameter(parameter.name(), parameter.value(), bound));
        }
        variables.forEach(tree::variable);
        return tree;
    }

    /** Returns the result for a response message. */
    HttpResult answer(byte[] message, SystemParameters form) {
        if (rawReply) {
            return RawBody.answer(
                    replyField == null
                            ? transcoder.parse(message)
                            : (Message) transcoder.parse(message).getField(replyField));
        }
        boolean numericEnums = form.numericEnums();
        return new HttpResult(
                200,
                ContentTypes.JSON,
                form.format(
                        replyField == null
                                ? transcoder.toJson(message, numericEnums)
                                : transcoder.toJson(message, replyField, numericEnums)));
    }

    private static JsonElement value(byte[] content) {
        return JsonText.parse(JsonText.utf8(content));
    }

    private static JsonObject object(byte[] content) {
        JsonElement value = value(content);
        if (!value.isJsonObject()) {
            throw ConnectError.invalidArgument(
                    "the body is no JSON object (expected: one, with the fields of the message)");
        }
        return value.getAsJsonObject();
    }
}

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
import io.middleware.gateway.schema.Method;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One {@code google.api.http} rule of a method. What the path and the body do not give may come as query parameters; a parameter
 * that is no field is refused, as is one that the path or the body has given.
 */
final class HttpMapping {
    private static final String ANY_VERB = "*";
    private static final List<String> USUAL_VERBS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final String WHOLE = "*";

    private final Method method;
    private final Transcoder transcoder;
    private final String verb;
    private final PathTemplate template;
    private final String body;
    private final boolean rawBody;
    private final FieldDescriptor replyField;
    private final boolean rawReply;
    private final Set<FieldDescriptor> bound = new HashSet<>();

    private HttpMapping(Method method, Transcoder transcoder, HttpRule rule) {
        this.method = method;
        this.transcoder = transcoder;
        this.verb = HttpRules.verb(rule);
        this.template = PathTemplate.parse(HttpRules.pattern(rule));
        this.body = rule.getBody();
        this.replyField = rule.getResponseBody().isEmpty()
                ? null
                : HttpRules.field(transcoder.reply(), "response_body", rule.getResponseBody());
        this.rawReply = replyField == null ? RawBody.is(transcoder.reply()) : RawBody.is(replyField);
        this.rawBody = body.equals(WHOLE)
                ? RawBody.is(transcoder.request())
                : !body.isEmpty() && RawBody.is(HttpRules.field(transcoder.request(), "body", body));
        for (PathTemplate.Variable variable : template.variables()) {
            List<FieldDescriptor> path = FieldNames.resolve(transcoder.request(), variable.fieldPath());
            if (path.getLast().isRepeated()) {
                throw new IllegalArgumentException(
                        variable.fieldPath() + " is repeated (expected: a field with one value)");
            }
            RequestTree.checkTakesText(path);
            if (path.size() == 1) {
                bound.add(path.getFirst());
            }
        }
        if (!body.isEmpty() && !body.equals(WHOLE)) {
            bound.add(HttpRules.field(transcoder.request(), "body", body));
        }
    }

    /**
     * Returns the mappings of a method: its rule's and those of the additional bindings. A binding that cannot be used does not
     * count, and {@code unusable} gets a sentence that says why.
     */
    static List<HttpMapping> of(Method method, Transcoder transcoder, Consumer<String> unusable) {
        List<HttpMapping> mappings = new ArrayList<>();
        HttpRule rule = method.httpRule();
        if (rule != null) {
            Stream.concat(Stream.of(rule), rule.getAdditionalBindingsList().stream())
                    .forEach(binding -> {
                        try {
                            mappings.add(new HttpMapping(method, transcoder, binding));
                        } catch (IllegalArgumentException wrong) {
                            unusable.accept(wrong.getMessage());
                        }
                    });
        }
        return mappings;
    }

    Method method() {
        return method;
    }

    Transcoder transcoder() {
        return transcoder;
    }

    PathTemplate template() {
        return template;
    }

    /** Returns the verbs to list for this mapping: the usual ones where it takes all. */
    List<String> verbs() {
        return switch (verb) {
            case ANY_VERB -> USUAL_VERBS;
            case "GET" -> List.of("GET", "HEAD");
            default -> List.of(verb);
        };
    }

    /** Returns how far the verb is from being named by the rule: 0 where it always is, more where others may name it. */
    int verbRank() {
        return switch (verb) {
            case ANY_VERB -> 2;
            case "GET" -> 1; // takes HEAD too
            default -> 0;
        };
    }

    /** Returns what is equal for mappings that take exactly the same requests. */
    String shape() {
        return verb + " " + template.shape();
    }

    /** A {@code HEAD} is a {@code GET} whose answer has no body. */
    boolean takes(String requested) {
        return verb.equals(requested) || verb.equals(ANY_VERB) || verb.equals("GET") && requested.equals("HEAD");
    }

    boolean takesBody() {
        return !body.isEmpty();
    }

    /** The body is a {@code google.api.HttpBody}: taken as it comes, of any type. */
    boolean takesRawBody() {
        return rawBody;
    }

    ByteBuf message(Map<String, String> variables, String query, String contentType, byte[] content) {
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
        return transcoder.toMessage(tree(given, query, variables).json());
    }

    private Message raw(String contentType, byte[] content) {
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

    private RequestTree tree(JsonObject given, String query, Map<String, String> variables) {
        RequestTree tree = new RequestTree(transcoder.request(), given);
        if (query != null) {
            QueryParameters.parse(query)
                    .forEach(parameter -> tree.parameter(parameter.name(), parameter.value(), bound));
        }
        variables.forEach(tree::variable);
        return tree;
    }

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

    @Override
    public String toString() {
        return verb + " " + template;
    }
}

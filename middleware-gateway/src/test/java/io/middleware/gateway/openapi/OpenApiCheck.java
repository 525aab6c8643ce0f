package io.middleware.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks documents against the official schema of OpenAPI 3.1, and for what the specification adds in words. */
public final class OpenApiCheck {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]*)}");
    private static final Set<String> VERBS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final Schema OFFICIAL = official();

    private OpenApiCheck() {}

    private static Schema official() {
        try (InputStream in = OpenApiCheck.class.getResourceAsStream("/openapi/oas-3.1-schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the document of an API, which must be valid. */
    static JsonObject valid(Api api, String... keyed) {
        StringWriter text = new StringWriter();
        try {
            new ApiDocument(api, "test", Set.of(keyed), true).writeTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return valid(text.toString());
    }

    /** Returns the parsed document, which must be valid. */
    public static JsonObject valid(String text) {
        assertThat(OFFICIAL.validate(text, InputFormat.JSON)).isEmpty();
        JsonObject document = JsonParser.parseString(text).getAsJsonObject();
        referencesLead(document, document);
        Set<String> ids = new HashSet<>();
        Set<String> shapes = new HashSet<>();
        document.getAsJsonObject("paths").entrySet().forEach(path -> {
            assertThat(shapes.add(PARAMETER.matcher(path.getKey()).replaceAll("{}")))
                    .as("is another path than " + path.getKey())
                    .isTrue();
            path.getValue().getAsJsonObject().entrySet().stream()
                    .filter(member -> VERBS.contains(member.getKey()))
                    .forEach(member -> checkOperation(path.getKey(), member, ids));
        });
        return document;
    }

    private static void checkOperation(String path, Map.Entry<String, JsonElement> member, Set<String> ids) {
        JsonObject operation = member.getValue().getAsJsonObject();
        assertThat(ids.add(operation.get("operationId").getAsString()))
                .as("unique " + operation.get("operationId"))
                .isTrue();
        Set<String> inPath = new TreeSet<>();
        Set<String> all = new HashSet<>();
        for (JsonElement element : operation.getAsJsonArray("parameters")) {
            JsonObject parameter = element.getAsJsonObject();
            if (parameter.has("name")) {
                String name = parameter.get("name").getAsString();
                assertThat(all.add(parameter.get("in").getAsString() + " " + name))
                        .isTrue();
                if (parameter.get("in").getAsString().equals("path")) {
                    inPath.add(name);
                }
            }
        }
        Set<String> inTemplate = new TreeSet<>();
        Matcher matcher = PARAMETER.matcher(path);
        while (matcher.find()) {
            inTemplate.add(matcher.group(1));
        }
        assertThat(inPath).as(member.getKey() + " " + path).isEqualTo(inTemplate);
    }

    private static void referencesLead(JsonElement element, JsonObject document) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(one -> referencesLead(one, document));
        } else if (element.isJsonObject()) {
            JsonElement ref = element.getAsJsonObject().get("$ref");
            if (ref != null && ref.isJsonPrimitive()) {
                leads(List.of(ref.getAsString().substring(2).split("/")), document);
            }
            element.getAsJsonObject().entrySet().forEach(member -> referencesLead(member.getValue(), document));
        }
    }

    private static void leads(List<String> path, JsonObject document) {
        JsonObject at = document;
        for (String name : path) {
            assertThat(at.keySet()).as(String.join("/", path)).contains(name);
            at = at.getAsJsonObject(name);
        }
    }
}

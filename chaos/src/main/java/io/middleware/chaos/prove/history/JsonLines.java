package io.middleware.chaos.prove.history;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Records as lines of JSON, one each. */
public final class JsonLines {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonLines() {}

    public static String of(List<? extends Record> records) {
        return records.stream().map(JSON::writeValueAsString).collect(Collectors.joining("\n"));
    }

    /** Returns the records of these lines; empty lines count for nothing. */
    public static <T extends Record> List<T> read(List<String> lines, Class<T> type) {
        return lines.stream()
                .filter(line -> !line.isBlank())
                .map(line -> JSON.readValue(line, type))
                .toList();
    }
}

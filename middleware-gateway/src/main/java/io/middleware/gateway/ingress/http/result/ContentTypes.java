package io.middleware.gateway.ingress.http.result;

import java.util.List;

/** The content types of messages and results over HTTP. */
public final class ContentTypes {
    public static final String JSON = "application/json";
    public static final String PROTO = "application/proto";
    /** A JSON value per line. */
    public static final String NDJSON = "application/x-ndjson";
    /** Server-sent events. */
    public static final String EVENTS = "text/event-stream";
    /** Prefix of the content types of Connect's streams. */
    public static final String CONNECT_STREAM = "application/connect+";
    /** The content types of Connect's streams. */
    public static final List<String> CONNECT_STREAMS = List.of(CONNECT_STREAM + "json", CONNECT_STREAM + "proto");

    private ContentTypes() {}

    /** Returns whether a type without parameters, in lower case, is one of the names of {@link #NDJSON}. */
    public static boolean isLines(String type) {
        return type.equals(NDJSON) || type.equals("application/ndjson") || type.equals("application/jsonl");
    }
}

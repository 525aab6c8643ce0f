package io.middleware.gateway.ingress.http.result;

/** The content types of messages and results over HTTP. */
public final class ContentTypes {
    public static final String JSON = "application/json";
    public static final String PROTO = "application/proto";
    /** Prefix of the content types of Connect's streams. */
    public static final String CONNECT_STREAM = "application/connect+";

    private ContentTypes() {}
}

package io.middleware.gateway.headers;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The headers of a request that say who sent it. A gateway that asks another one on behalf of a caller passes them on. */
public final class Credentials {
    public static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    public static final AsciiString API_KEY = AsciiString.cached("x-api-key");

    /** Of nobody in particular. */
    public static final Credentials NONE = new Credentials(List.of());

    private final List<Header> headers;

    private record Header(String name, String value) {}

    private Credentials(List<Header> headers) {
        this.headers = headers;
    }

    /** Returns those of a request. */
    public static Credentials of(HttpHeaders request) {
        List<Header> headers = new ArrayList<>();
        for (AsciiString name : List.of(AUTHORIZATION, API_KEY)) {
            request.getAll(name).forEach(value -> headers.add(new Header(name.toString(), value)));
        }
        return headers.isEmpty() ? NONE : new Credentials(List.copyOf(headers));
    }

    public boolean isEmpty() {
        return headers.isEmpty();
    }

    /** Adds name and value of each to another request. */
    public void addTo(BiConsumer<String, String> request) {
        headers.forEach(header -> request.accept(header.name, header.value));
    }

    /** Says how many there are, and nothing of them: they are secret. */
    @Override
    public String toString() {
        return headers.size() + " credentials";
    }
}

package io.middleware.gateway.tap;

import io.middleware.core.Call;
import io.middleware.core.Caller;
import io.middleware.core.Chunk;
import io.middleware.core.Headers;
import io.middleware.gateway.ingress.ForwardingCaller;
import org.jspecify.annotations.Nullable;

/** Passes a response on, and keeps the first bytes of it and of the request. Confined to the call's thread. */
final class CapturedCaller implements ForwardingCaller {
    private static final String ENCODING = "grpc-encoding";

    private final Caller caller;
    private final FirstBytes request = new FirstBytes();
    private final FirstBytes response = new FirstBytes();
    private final @Nullable String requestEncoding;
    private @Nullable String responseEncoding;

    CapturedCaller(Call call) {
        this.caller = call.caller();
        this.requestEncoding = encoding(call.headers());
    }

    private static @Nullable String encoding(Headers headers) {
        CharSequence encoding = headers.get(ENCODING);
        return encoding == null ? null : encoding.toString();
    }

    /** Returns what was captured so far. */
    CapturedMessages messages() {
        return new CapturedMessages(request.frames(requestEncoding), response.frames(responseEncoding));
    }

    /** Called with the next bytes of the request, which stay the caller's. */
    void onRequest(Chunk chunk) {
        request.add(chunk);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public void onHeaders(Headers headers) {
        responseEncoding = encoding(headers);
        caller.onHeaders(headers);
    }

    @Override
    public void onChunk(Chunk chunk) {
        response.add(chunk);
        caller.onChunk(chunk);
    }
}

package io.middleware.gateway;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads a response that comes line by line for as long as a test lasts. */
public final class ResponseLines {
    private ResponseLines() {}

    /** Hands over each line, on a thread of its own, until the response ends or the client is shut down. */
    public static void read(HttpResponse<Stream<String>> response, Consumer<String> onLine) {
        Thread.startVirtualThread(() -> {
            try {
                response.body().forEach(onLine);
            } catch (UncheckedIOException shutDown) {
                // as a failure of this thread it would be that of the next test, which waits meanwhile
            }
        });
    }
}

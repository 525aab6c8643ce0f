package io.middleware.gateway.ingress.http.stream;

import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.json.Translation;
import io.middleware.gateway.ingress.http.json.Translator;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.protojson.ProtoJsonException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Translates a server's messages one after another. A small one is translated at once; a large one off the event loop,
 * while those behind it wait.
 */
final class MessageSequence {
    private final Translation translation;
    private final Translator translator;
    private final CallContext context;
    private final Target target;
    private final Deque<byte[]> waiting = new ArrayDeque<>(0);
    private long bytes;
    private boolean busy;
    private boolean stopped;

    /** Gets the messages as bodies. */
    interface Target {
        void onMessage(byte[] body, String contentType);

        /** Called when a message cannot be translated; nothing follows. */
        void onError(ConnectError error);

        /** Called when messages have to wait, and when none does any more. */
        void onBusy(boolean busy);
    }

    MessageSequence(StreamRequest request, Target target) {
        this.translation = request.translation();
        this.translator = request.translator();
        this.context = request.context();
        this.target = target;
    }

    void add(byte[] message) {
        if (stopped) {
            return;
        }
        if (busy) {
            waiting.add(message);
            bytes += message.length;
        } else if (!translatedAtOnce(message)) {
            busy = true;
            target.onBusy(true);
            translateLater(message);
        }
    }

    boolean isBusy() {
        return busy;
    }

    /** Returns the bytes of the messages that wait. */
    long bytes() {
        return bytes;
    }

    /** Drops what waits, and what comes. */
    void clear() {
        stopped = true;
        busy = false;
        waiting.clear();
        bytes = 0;
    }

    private boolean translatedAtOnce(byte[] message) {
        HttpResult result = message.length > JsonWorkers.LARGE ? null : translated(message);
        if (result != null) {
            target.onMessage(result.body(), result.contentType());
        }
        return result != null;
    }

    /** Returns null if a type must be looked up, or there is an error: the translator says which. */
    private @Nullable HttpResult translated(byte[] message) {
        try {
            return translation.answer(message);
        } catch (ProtoJsonException | Refusal unclear) {
            return null;
        }
    }

    private void translateLater(byte[] message) {
        translator.response(translation, message, context).subscribe(this::onLate, this::onFailure);
    }

    private void onLate(HttpResult result) {
        if (stopped) {
            return;
        }
        target.onMessage(result.body(), result.contentType());
        while (!stopped && !waiting.isEmpty()) {
            byte[] next = waiting.remove();
            bytes -= next.length;
            if (!translatedAtOnce(next)) {
                translateLater(next);
                return;
            }
        }
        if (!stopped) {
            busy = false;
            target.onBusy(false);
        }
    }

    private void onFailure(Throwable failure) {
        if (!stopped) {
            clear();
            target.onError(Failures.of(failure));
        }
    }
}

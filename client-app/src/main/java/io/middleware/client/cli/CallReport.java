package io.middleware.client.cli;

import static java.util.Map.entry;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.middleware.client.ClientOptions;
import io.middleware.client.Hedging;
import io.middleware.client.MiddlewareClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** Prints for each call what was sent ({@code >}), what came back ({@code <}) and what it means ({@code *}). */
record CallReport(PrintWriter err, Ansi ansi, String target, boolean keys) implements ClientInterceptor {

    private static final Map<String, String> NOTES = Map.ofEntries(
            entry("x-call-id", "identifies this call in the logs of all parts"),
            entry("idempotency-key", "by which servers execute it once, however often it is sent"),
            entry("idempotency-replayed", "the server executed nothing: it gave its response to this key again"),
            entry("middleware-idempotency-key", "honoured = it can safely be sent again with the same key"),
            entry("middleware-instance", "the server that answered"),
            entry("middleware-attempts", "how many attempts the gateway made"),
            entry("middleware-gateway", "the gateway that took the call"),
            entry(
                    "middleware-fallback",
                    "not the first choice: secondary = no primary could answer, stale = an earlier response"),
            entry("age", "how many seconds old the response is"),
            entry("grpc-previous-rpc-attempts", "how often this client itself had retried the call"));

    /** The policy with which the command line calls. */
    private static final Hedging HEDGING = ClientOptions.defaults().hedging();

    private static final Set<String> OF_THE_TRANSPORT = Set.of("content-type", "grpc-encoding", "grpc-accept-encoding");

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions callOptions, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, callOptions)) {
            @Override
            public void start(Listener<R> listener, Metadata sent) {
                err.println("> " + method.getFullMethodName() + " at " + target);
                super.start(new Report<>(listener, System.nanoTime()), sent);
                header(">", MiddlewareClient.CALL_ID.name(), sent.get(MiddlewareClient.CALL_ID));
                String key = sent.get(MiddlewareClient.IDEMPOTENCY_KEY);
                if (key != null) {
                    header(">", MiddlewareClient.IDEMPOTENCY_KEY.name(), key);
                }
                plan(method);
            }
        };
    }

    private void plan(MethodDescriptor<?, ?> method) {
        boolean unary = method.getType() == MethodType.UNARY;
        if (unary && method.isIdempotent()) {
            err.println("* idempotent by its idempotency_level, so it is hedged: another attempt after each "
                    + milliseconds(HEDGING.delay()) + " without a response, " + HEDGING.maxAttempts()
                    + " in all; the first response wins");
        } else if (unary && keys) {
            err.println(
                    "* not idempotent by its idempotency_level, but it has a key: it is sent again only where servers honour keys");
        } else if (unary) {
            err.println("* sent once: its idempotency_level does not declare it idempotent");
        } else {
            err.println("* sent once: streams are not hedged");
        }
    }

    private void received(Metadata metadata) {
        for (String name : metadata.keys()) {
            if (OF_THE_TRANSPORT.contains(name)) {
                continue;
            }
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                byte[] value = metadata.get(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
                header("<", name, value.length + " bytes");
            } else {
                header("<", name, metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
            }
        }
    }

    private void header(String direction, String name, String value) {
        String note = NOTES.get(name);
        String line = direction + " " + name + ": " + value.replaceAll("\\p{Cntrl}", " ");
        err.println(note == null ? line : line + ansi.string("  @|faint (" + note + ")|@"));
    }

    private static String milliseconds(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private final class Report<R> extends SimpleForwardingClientCallListener<R> {

        private final long started;

        Report(ClientCall.Listener<R> listener, long started) {
            super(listener);
            this.started = started;
        }

        @Override
        public void onHeaders(Metadata headers) {
            received(headers);
            super.onHeaders(headers);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            received(trailers);
            err.println(
                    "* " + status.getCode() + " after " + milliseconds(Duration.ofNanos(System.nanoTime() - started)));
            super.onClose(status, trailers);
        }
    }
}

package io.middleware.gateway.tap;

import io.middleware.gateway.headers.Credentials;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.result.HttpReply;
import io.middleware.gateway.ingress.http.result.HttpResult;
import io.middleware.gateway.ingress.http.result.Problem;
import io.middleware.gateway.ingress.http.route.ParsedRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Serves calls as they end, at {@value #PATH}: a line for each, of this gateway and, unless {@code own} is asked for, of all others.
 * As JSON, or with {@code format=text} for people, whose language {@code lang} names. For the filters see {@link TapFilter}.
 */
final class TapDocuments implements Documents {
    static final String PATH = "/dashboard/tap";

    private static final String OWN = "own";
    private static final String LANGUAGE = "lang";
    private static final List<String> READ = List.of("GET", "HEAD", "OPTIONS");

    private final Tap tap;
    private final LineForms forms;
    private final Peers peers;
    private final Predicate<String> taken;

    /** Makes what reads the streams of the other gateways. */
    interface Peers {
        PeerTaps of(String target, Credentials asker, Consumer<String> sink, UnaryOperator<String> refused);
    }

    /**
     * Creates them.
     *
     * @param taken whether a service takes a path
     */
    TapDocuments(Tap tap, LineForms forms, Peers peers, Predicate<String> taken) {
        this.tap = tap;
        this.forms = forms;
        this.peers = peers;
        this.taken = taken;
    }

    @Override
    public @Nullable Mono<? extends HttpReply> find(ParsedRequest parsed, HttpServerRequest request) {
        if (!parsed.path().equals(PATH) || taken.test(PATH)) {
            return null;
        }
        return switch (parsed.verb()) {
            case "GET", "HEAD" -> Mono.fromSupplier(() -> stream(parsed));
            case "OPTIONS" -> Mono.just(HttpResult.allowing(READ));
            default -> Mono.just(Problem.wrongVerb(PATH, parsed.verb(), READ));
        };
    }

    private HttpReply stream(ParsedRequest parsed) {
        Map<String, List<String>> parameters;
        TapFilter filter;
        try {
            String query = parsed.query();
            parameters = query == null ? Map.of() : new QueryStringDecoder(query, false).parameters();
            filter = TapFilter.of(parameters);
        } catch (IllegalArgumentException wrong) {
            return Problem.unreadable(400, "Bad Request", String.valueOf(wrong.getMessage()), PATH);
        }
        if (filter.messages() && !forms.showMessages()) {
            return Problem.unreadable(
                    403,
                    "Forbidden",
                    "messages are not shown (expected: without them, or middleware.gateway.tap.messages=true)",
                    PATH);
        }
        if (tap.isFull()) {
            return Problem.unreadable(
                    503, "Service Unavailable", "this gateway has " + Tap.MOST_READERS + " readers already", PATH);
        }
        boolean text = parameters.getOrDefault("format", List.of()).contains("text");
        String language = language(parsed, parameters);
        LineForms.LineForm form = text ? forms.text(language) : forms.json();
        Credentials asker = Credentials.of(parsed.headers());
        String target = parameters.containsKey(OWN) ? null : target(parameters, language);
        Function<Consumer<String>, @Nullable PeerTaps> others =
                sink -> target == null ? null : peers.of(target, asker, sink, form.refused());
        return new TapStream(
                text ? "text/plain; charset=utf-8" : "application/x-ndjson",
                Flux.create(sink -> begin(filter, form, others, sink), FluxSink.OverflowStrategy.IGNORE));
    }

    /** Returns what to ask another gateway for. Written anew, as not all that arrives in a query may be sent in one. */
    private static String target(Map<String, List<String>> parameters, String language) {
        QueryStringEncoder target = new QueryStringEncoder(PATH);
        parameters.forEach((name, values) -> {
            if (!name.equals(LANGUAGE)) {
                target.addParam(name, values.getFirst());
            }
        });
        target.addParam(LANGUAGE, language);
        target.addParam(OWN, "");
        return target.toString();
    }

    private static String language(ParsedRequest parsed, Map<String, List<String>> parameters) {
        String accepted = parsed.headers().get(HttpHeaderNames.ACCEPT_LANGUAGE);
        String wanted = parameters
                .getOrDefault(LANGUAGE, List.of(accepted == null ? "" : accepted))
                .getFirst();
        return wanted.startsWith("pt") ? "pt" : "en";
    }

    private void begin(
            TapFilter filter,
            LineForms.LineForm form,
            Function<Consumer<String>, @Nullable PeerTaps> peerTaps,
            FluxSink<byte[]> sink) {
        TapReader reader = new TapReader(filter, form, sink);
        PeerTaps others = peerTaps.apply(reader::offer);
        sink.onDispose(() -> {
            tap.remove(reader);
            if (others != null) {
                others.close();
            }
        });
        if (!tap.add(reader)) {
            sink.complete();
        } else if (sink.isCancelled()) {
            // it went before it was added
            tap.remove(reader);
        } else if (others != null) {
            others.start();
        }
    }
}

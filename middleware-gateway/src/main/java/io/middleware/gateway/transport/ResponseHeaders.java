package io.middleware.gateway.transport;

import java.util.List;
import java.util.Map;

import io.middleware.core.Code;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * Makes what a server sends before and after its messages well-formed: no caller's library gets to see what would break it. What
 * is no metadata is left out, but for a message in words that is not encoded. Well-formed headers are not copied.
 */
final class ResponseHeaders {
    private static final AsciiString HTTP_STATUS = Http2Headers.PseudoHeaderName.STATUS.value();

    private ResponseHeaders() {
    }

    /** Returns the headers that a response begins with. */
    static Http2Headers leading(Http2Headers received) {
        return isWellFormed(received, true) ? received : repaired(received, true);
    }

    /** Returns the headers that a response ends with, which have a {@code grpc-status}. */
    static Http2Headers trailing(Http2Headers received) {
        return withNumber(isWellFormed(received, false) ? received : repaired(received, false));
    }

    /** Returns those of a response that is nothing else. */
    static Http2Headers trailersOnly(Http2Headers received) {
        Http2Headers only = withNumber(isWellFormed(received, true) ? received : repaired(received, true));
        if (!HttpResponseStatus.OK.codeAsText().contentEquals(only.status())) {
            only.status(HttpResponseStatus.OK.codeAsText());
        }
        if (!GrpcHeaders.isGrpc(only.get(HttpHeaderNames.CONTENT_TYPE))) {
            only.set(HttpHeaderNames.CONTENT_TYPE, GrpcHeaders.CONTENT_TYPE);
        }
        return only;
    }

    private static boolean isWellFormed(Http2Headers received, boolean first) {
        boolean status = false;
        for (Map.Entry<CharSequence, CharSequence> header : received) {
            CharSequence name = header.getKey();
            if (isPseudo(name)) {
                if (!first || !HTTP_STATUS.contentEquals(name) || status) {
                    return false;
                }
                status = true;
            } else if (isLength(name) || MetadataRules.judge(name, header.getValue()) != MetadataRules.Verdict.PASS) {
                return false;
            }
        }
        return true;
    }

    private static Http2Headers repaired(Http2Headers received, boolean first) {
        Http2Headers repaired = new DefaultHttp2Headers(false);
        if (first) {
            repaired.status(received.status());
        }
        for (Map.Entry<CharSequence, CharSequence> header : received) {
            CharSequence name = header.getKey();
            if (!isPseudo(name) && !isLength(name)) {
                repaired.add(name, repaired(name, header.getValue()));
            }
        }
        return repaired;
    }

    private static List<? extends CharSequence> repaired(CharSequence name, CharSequence value) {
        return switch (MetadataRules.judge(name, value)) {
            case PASS -> List.of(value);
            case REPAIR -> {
                List<String> values = MetadataRules.repaired(name, value);
                yield values == null ? List.of() : values;
            }
            case DROP, MALFORMED -> GrpcHeaders.MESSAGE.contentEquals(name)
                    ? List.of(GrpcHeaders.encodeOctets(value)) : List.of();
        };
    }

    /** A status that is no number is unknown to callers as well, and some take it for a broken response. */
    private static Http2Headers withNumber(Http2Headers trailers) {
        CharSequence status = trailers.get(GrpcHeaders.STATUS);
        Code code = Code.parse(status);
        if (code == Code.UNKNOWN && !AsciiString.contentEquals("2", status) && !isNumber(status)) {
            trailers.set(GrpcHeaders.STATUS, "2");
        }
        return trailers;
    }

    private static boolean isNumber(CharSequence status) {
        return !status.isEmpty() && status.length() <= 9 && status.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isPseudo(CharSequence name) {
        return !name.isEmpty() && name.charAt(0) == ':';
    }

    /** It may be wrong; frames say the same. */
    private static boolean isLength(CharSequence name) {
        return name.length() == 14 && HttpHeaderNames.CONTENT_LENGTH.contentEquals(name);
    }
}

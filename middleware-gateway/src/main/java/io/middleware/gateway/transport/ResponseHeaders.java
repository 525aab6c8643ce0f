package io.middleware.gateway.transport;

import io.middleware.core.Code;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.GrpcStatus;
import io.middleware.gateway.headers.MetadataRules;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;

/**
 * Makes the headers and trailers of a response well-formed, so that they break no caller's library. Invalid metadata is
 * left out, except a {@code grpc-message} that is not encoded. Well-formed headers are not copied.
 */
final class ResponseHeaders {
    private static final AsciiString HTTP_STATUS = Http2Headers.PseudoHeaderName.STATUS.value();

    /** Headers that only the gateway may set. */
    private static final AsciiString OURS = MiddlewareHeaders.PREFIX;

    private static final int STATUS = 1;
    private static final int MESSAGE = 2;
    private static final int TYPE = 4;
    private static final int ENCODING = 8;
    private static final int LENGTH = 16;
    private static final int OF_GATEWAY = 32;
    private static final int PSEUDO = 64;

    /**
     * The headers that do not pass in each place. A length may be wrong, and frames carry it; a status belongs in the
     * trailers.
     */
    private static final int ONLY = LENGTH | OF_GATEWAY;

    private static final int LEADING = ONLY | STATUS | MESSAGE;
    private static final int TRAILING = ONLY | PSEUDO;

    private ResponseHeaders() {}

    /** Returns the headers that a response begins with. */
    static Http2Headers leading(Http2Headers received) {
        return isWellFormed(received, LEADING) ? received : repaired(received, LEADING);
    }

    /** Returns the headers that a response ends with, which have a {@code grpc-status}. */
    static Http2Headers trailing(Http2Headers received) {
        return withNumber(isWellFormed(received, TRAILING) ? received : repaired(received, TRAILING));
    }

    /** Returns the headers of a response that consists of trailers only. */
    static Http2Headers trailersOnly(Http2Headers received) {
        Http2Headers only = withNumber(isWellFormed(received, ONLY) ? received : repaired(received, ONLY));
        if (!HttpResponseStatus.OK.codeAsText().contentEquals(only.status())) {
            only.status(HttpResponseStatus.OK.codeAsText());
        }
        if (!GrpcHeaders.isGrpc(only.get(HttpHeaderNames.CONTENT_TYPE))) {
            only.set(HttpHeaderNames.CONTENT_TYPE, GrpcHeaders.CONTENT_TYPE);
        }
        return only;
    }

    /** {@code forbidden}: the bits of the names that do not pass. */
    private static boolean isWellFormed(Http2Headers received, int forbidden) {
        boolean status = false;
        int seen = forbidden;
        for (Map.Entry<CharSequence, CharSequence> header : received) {
            CharSequence name = header.getKey();
            int bit = bit(name);
            if (isPseudo(name)) {
                if (forbidden == TRAILING || !HTTP_STATUS.contentEquals(name) || status) {
                    return false;
                }
                status = true;
            } else if ((seen & bit) != 0
                    || MetadataRules.judge(name, header.getValue()) != MetadataRules.Verdict.PASS) {
                return false;
            }
            seen |= bit;
        }
        return true;
    }

    private static Http2Headers repaired(Http2Headers received, int forbidden) {
        Http2Headers repaired = new DefaultHttp2Headers(false);
        if (forbidden != TRAILING) {
            repaired.status(received.status());
        }
        int seen = forbidden;
        for (Map.Entry<CharSequence, CharSequence> header : received) {
            CharSequence name = header.getKey();
            int bit = bit(name);
            if (!isPseudo(name) && (seen & bit) == 0) {
                repaired.add(name, repaired(name, header.getValue()));
            }
            seen |= bit;
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
            case DROP, MALFORMED ->
                GrpcHeaders.MESSAGE.contentEquals(name) ? List.of(GrpcStatus.encodeOctets(value)) : List.of();
        };
    }

    /** Replaces a status that is not a number by UNKNOWN: some callers take it for a broken response. */
    private static Http2Headers withNumber(Http2Headers trailers) {
        CharSequence status = trailers.get(GrpcHeaders.STATUS);
        if (status == null
                || Code.parse(status) == Code.UNKNOWN && !AsciiString.contentEquals("2", status) && !isNumber(status)) {
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

    /** Returns the bit of a name that may occur once at most, or never; 0 for others. */
    private static int bit(CharSequence name) {
        if (AsciiString.regionMatchesAscii(name, false, 0, OURS, 0, OURS.length())) {
            return OF_GATEWAY;
        }
        return switch (name.length()) {
            case 11 -> bit(GrpcHeaders.STATUS, name, STATUS);
            case 12 -> bit(GrpcHeaders.MESSAGE, name, MESSAGE) | bit(HttpHeaderNames.CONTENT_TYPE, name, TYPE);
            case 13 -> bit(GrpcHeaders.ENCODING, name, ENCODING);
            case 14 -> bit(HttpHeaderNames.CONTENT_LENGTH, name, LENGTH);
            default -> 0;
        };
    }

    private static int bit(AsciiString expected, CharSequence name, int bit) {
        return expected.contentEquals(name) ? bit : 0;
    }
}

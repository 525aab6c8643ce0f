package io.middleware.gateway.ingress;

import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.MetadataRules;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a caller's headers well-formed (RFC 9113, 8.1.1, 8.2 and 8.3; gRPC's PROTOCOL-HTTP2), or refuses them: a server
 * closes the connection on which it gets malformed headers, and with it the calls of other callers.
 */
public final class RequestHeaders {
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString GATEWAY = AsciiString.cached("gateway");

    private static final int METHOD = 1;
    private static final int SCHEME = 2;
    private static final int PATH = 4;
    private static final int AUTHORITY = 8;
    private static final int TE = 16;
    private static final int HOST = 32;
    private static final int LENGTH = 64;
    private static final int OTHER = 128;
    private static final int TIMEOUT = 256;
    private static final int ENCODING = 512;
    private static final int REPAIR = 1024;

    private RequestHeaders() {}

    /** Says what is wrong with a request. Has no stack trace, as it concerns the caller and not this program. */
    public static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    /**
     * Changes the headers of a POST of {@code application/grpc} to those that are sent to the server.
     *
     * @throws MalformedException if they cannot be made well-formed; the message says what was expected
     */
    public static void makeWellFormed(Http2Headers request) throws MalformedException {
        int seen = look(request);
        if ((seen & REPAIR) != 0) {
            repair(request);
        }
        pseudoHeaders(request, seen);
        singleHeaders(request, seen);
    }

    /**
     * Checks that HTTP/2 allows all headers.
     *
     * @throws MalformedException if one is malformed; the message says what was expected
     */
    public static void check(Http2Headers request) throws MalformedException {
        checkTe(request, look(request));
    }

    /** Checks each header once, and returns the bits of those that are present. */
    private static int look(Http2Headers request) throws MalformedException {
        int seen = 0;
        for (Map.Entry<CharSequence, CharSequence> header : request) {
            CharSequence name = header.getKey();
            int once = once(name);
            if ((seen & once) != 0) {
                throw new MalformedException("header " + name + " twice (expected: once)");
            }
            seen |= once;
            if (name.isEmpty() || name.charAt(0) != ':') {
                seen |= isToBeRepaired(name, header.getValue()) ? REPAIR : 0;
            } else if (once == 0) {
                throw new MalformedException("header " + name + " (expected: :method, :scheme, :path, :authority)");
            }
        }
        return seen;
    }

    private static boolean isToBeRepaired(CharSequence name, CharSequence value) throws MalformedException {
        return switch (MetadataRules.judge(name, value)) {
            case PASS -> false;
            case REPAIR, DROP -> true;
            case MALFORMED -> throw new MalformedException(MetadataRules.explain(name, value));
        };
    }

    private static void repair(Http2Headers request) throws MalformedException {
        for (CharSequence name : request.names().toArray(CharSequence[]::new)) {
            if (name.charAt(0) != ':') {
                List<CharSequence> values = request.getAllAndRemove(name);
                for (CharSequence value : values) {
                    add(request, name, value);
                }
            }
        }
    }

    private static void add(Http2Headers request, CharSequence name, CharSequence value) throws MalformedException {
        switch (MetadataRules.judge(name, value)) {
            case PASS -> request.add(name, value);
            case REPAIR -> {
                List<String> repaired = MetadataRules.repaired(name, value);
                if (repaired == null) {
                    throw new MalformedException("header " + name + ": " + value + " (expected: base64)");
                }
                request.add(name, repaired);
            }
            case DROP, MALFORMED -> {}
        }
    }

    private static void pseudoHeaders(Http2Headers request, int seen) throws MalformedException {
        if ((seen & SCHEME) == 0) {
            throw new MalformedException("no header :scheme (expected: http or https)");
        }
        if (!HttpScheme.HTTP.name().contentEquals(request.scheme())) {
            // the scheme of the connection to the server
            request.scheme(HttpScheme.HTTP.name());
        }
        if ((seen & PATH) == 0 || !MetadataRules.isPath(request.path())) {
            throw new MalformedException("header :path: " + request.path() + " (expected: /package.Service/Method)");
        }
        CharSequence host = (seen & HOST) == 0 ? null : request.getAndRemove(HttpHeaderNames.HOST);
        CharSequence authority = (seen & AUTHORITY) == 0 ? null : request.authority();
        if (authority == null || authority.isEmpty()) {
            authority = host == null || host.isEmpty() ? GATEWAY : host;
            request.authority(authority);
        } else if (host != null && !AsciiString.contentEqualsIgnoreCase(authority, host)) {
            throw new MalformedException(
                    "header host: " + host + " (expected: the same as :authority, " + authority + ")");
        }
        if (!MetadataRules.isAuthority(authority)) {
            throw new MalformedException("header :authority: " + authority + " (expected: a host and perhaps a port)");
        }
    }

    private static void singleHeaders(Http2Headers request, int seen) throws MalformedException {
        CharSequence te = checkTe(request, seen);
        if ((seen & TE) == 0 || !TRAILERS.contentEquals(te)) {
            request.set(HttpHeaderNames.TE, TRAILERS);
        }
        if ((seen & LENGTH) != 0) {
            // the codec has checked it, and frames carry the length
            request.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
    }

    private static CharSequence checkTe(Http2Headers request, int seen) throws MalformedException {
        CharSequence te = (seen & TE) == 0 ? TRAILERS : request.get(HttpHeaderNames.TE);
        if (te == null || !AsciiString.contentEqualsIgnoreCase(TRAILERS, te)) {
            throw new MalformedException("header te: " + te + " (expected: trailers)");
        }
        return te;
    }

    /** Returns the bit of a name that may occur once; 0 for others. */
    private static int once(CharSequence name) {
        return switch (name.length()) {
            case 2 -> bit(HttpHeaderNames.TE, name, TE);
            case 4 -> bit(HttpHeaderNames.HOST, name, HOST);
            case 5 -> bit(Http2Headers.PseudoHeaderName.PATH.value(), name, PATH);
            case 7 ->
                bit(Http2Headers.PseudoHeaderName.METHOD.value(), name, METHOD)
                        | bit(Http2Headers.PseudoHeaderName.SCHEME.value(), name, SCHEME);
            case 10 -> bit(Http2Headers.PseudoHeaderName.AUTHORITY.value(), name, AUTHORITY);
            case 12 -> bit(HttpHeaderNames.CONTENT_TYPE, name, OTHER) | bit(GrpcHeaders.TIMEOUT, name, TIMEOUT);
            case 13 -> bit(GrpcHeaders.ENCODING, name, ENCODING);
            case 14 -> bit(HttpHeaderNames.CONTENT_LENGTH, name, LENGTH);
            default -> 0;
        };
    }

    private static int bit(AsciiString expected, CharSequence name, int bit) {
        return expected.contentEquals(name) ? bit : 0;
    }

    /** Returns whether the method is POST, the only one that gRPC uses. */
    public static boolean isPost(Http2Headers request) {
        CharSequence method = request.method();
        return method != null && HttpMethod.POST.asciiName().contentEquals(method);
    }
}

package io.middleware.gateway.dashboard.faults;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether a request comes from this gateway's own page, or from no page at all. */
final class SameOrigin {
    private static final AsciiString FETCH_SITE = AsciiString.cached("sec-fetch-site");

    private SameOrigin() {}

    /** {@code header}: returns the value of a request header, or null. */
    static boolean allows(Function<CharSequence, @Nullable String> header) {
        String site = header.apply(FETCH_SITE);
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        String origin = header.apply(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return true;
        }
        String host = header.apply(HttpHeaderNames.HOST);
        int authority = origin.indexOf("://");
        return host != null && authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
    }

    /** Pages of other origins cannot send this type without asking first. */
    static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
    }
}

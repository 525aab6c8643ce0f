package io.middleware.gateway.ingress.http.result;

import java.util.List;
import java.util.Locale;

/** Reads {@code Accept-Encoding} (RFC 9110, 12.5.3). */
public final class AcceptEncoding {
    private static final String WEIGHT = "q=";

    private AcceptEncoding() {}

    /** Returns whether the caller takes gzip; {@code values}: of all headers of that name. */
    public static boolean takesGzip(List<String> values) {
        boolean any = false;
        for (String value : values) {
            for (String part : value.toLowerCase(Locale.ROOT).split(",")) {
                String[] coding = part.split(";", -1);
                String name = coding[0].strip();
                if (name.equals("gzip") || name.equals("x-gzip")) {
                    return isWanted(coding);
                }
                any |= name.equals("*") && isWanted(coding);
            }
        }
        return any;
    }

    private static boolean isWanted(String[] coding) {
        for (int i = 1; i < coding.length; i++) {
            String parameter = coding[i].strip();
            if (parameter.startsWith(WEIGHT)) {
                return parameter.substring(WEIGHT.length()).chars().anyMatch(c -> c >= '1' && c <= '9');
            }
        }
        return true;
    }
}

package io.middleware.gateway.ingress.http.stream;

import io.middleware.gateway.ingress.http.result.ContentTypes;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the form of a stream by the request's {@code Accept} (RFC 9110, 12.5.1): the one with the highest quality;
 * among equal ones the one that is named most exactly, then the one that is named first.
 */
final class AcceptedForm {
    /** The content types that a stream can have. */
    static final List<String> TYPES = List.of(ContentTypes.JSON, ContentTypes.NDJSON, ContentTypes.EVENTS);
    /** A JSON array first: what {@code google.api.http} prescribes. */
    private static final List<StreamForm> FORMS = List.of(StreamForm.ARRAY, StreamForm.LINES, StreamForm.EVENTS);

    private static final int EXACT = 2;
    private static final int NONE = -1;

    private AcceptedForm() {}

    /** How much the caller wants a form; {@code at}: the place in the header. */
    private record Wish(double quality, int exactness, int at) {
        boolean isBefore(Wish other) {
            return quality != other.quality
                    ? quality > other.quality
                    : exactness != other.exactness ? exactness > other.exactness : at < other.at;
        }
    }

    /**
     * Returns the form; null if the caller accepts none.
     *
     * @param accept all values of the header
     */
    static @Nullable StreamForm of(List<String> accept) {
        String ranges = String.join(",", accept).toLowerCase(Locale.ROOT);
        if (ranges.isBlank()) {
            return StreamForm.ARRAY;
        }
        StreamForm best = null;
        Wish wished = new Wish(0, NONE, 0);
        for (StreamForm form : FORMS) {
            Wish wish = wish(form, ranges.split(","));
            if (wish.quality > 0 && (best == null || wish.isBefore(wished))) {
                best = form;
                wished = wish;
            }
        }
        return best;
    }

    /** Returns the wish of the most exact range that names the form; a less exact one does not count. */
    private static Wish wish(StreamForm form, String[] ranges) {
        Wish wish = new Wish(0, NONE, 0);
        for (int at = 0; at < ranges.length; at++) {
            String[] parts = ranges[at].split(";", -1);
            int exactness = exactness(form, parts[0].strip());
            Wish one = new Wish(quality(parts), exactness, at);
            if (exactness > wish.exactness || exactness == wish.exactness && exactness >= 0 && one.isBefore(wish)) {
                wish = one;
            }
        }
        return wish;
    }

    private static int exactness(StreamForm form, String range) {
        boolean named = range.equals(form.contentType()) || form == StreamForm.LINES && ContentTypes.isLines(range);
        if (named) {
            return EXACT;
        }
        // of types that nobody knows, a JSON array is the usual one: other forms must be asked for by name
        String type = form.contentType();
        if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
            return 1;
        }
        return range.equals("*/*") ? 0 : NONE;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Math.clamp(Double.parseDouble(parameter.substring(2)), 0, 1);
                } catch (NumberFormatException odd) {
                    return 1;
                }
            }
        }
        return 1;
    }
}

package io.middleware.gateway.ingress.http.route;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.middleware.gateway.ingress.http.result.ConnectError;
import io.middleware.gateway.protojson.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that concern the form of the call and not its message: their names begin with {@code $}, as
 * Google's clients send them. {@code $alt} is {@code json} or {@code json;enum-encoding=int}, {@code $prettyPrint} is
 * {@code true} or {@code false} in any case; others are ignored.
 *
 * @param fields       the rest of the query; null if there is none
 * @param numericEnums enums of the response are numbers
 * @param pretty       the response is written for people
 * @see <a href="https://cloud.google.com/apis/docs/system-parameters">System parameters</a>
 */
public record SystemParameters(@Nullable String fields, boolean numericEnums, boolean pretty) {
    private static final char SIGN = '$';
    private static final String ENCODED_SIGN = "%24";
    private static final int LONGEST_PRETTY = 64 << 10;
    private static final Gson PRETTY = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    /** @throws Refusal if one of them has an invalid value */
    static SystemParameters of(@Nullable String query) {
        if (query == null || query.indexOf(SIGN) < 0 && !query.contains(ENCODED_SIGN)) {
            return new SystemParameters(query, false, false);
        }
        List<String> fields = new ArrayList<>();
        boolean numericEnums = false;
        boolean pretty = false;
        for (String part : query.split("&")) {
            if (!isSystem(part)) {
                fields.add(part);
                continue;
            }
            for (QueryParameters.Parameter parameter : QueryParameters.parse(part)) {
                switch (parameter.name()) {
                    case "$alt" -> numericEnums = isNumeric(parameter.value());
                    case "$prettyPrint" -> pretty = isTrue(parameter.value());
                    default -> {}
                }
            }
        }
        return new SystemParameters(fields.isEmpty() ? null : String.join("&", fields), numericEnums, pretty);
    }

    /** Returns the same for JSON that must be on one line. */
    SystemParameters onOneLine() {
        return pretty ? new SystemParameters(fields, numericEnums, false) : this;
    }

    /** Returns whether the query has {@code $alt}, as only clients with Google's conventions send it. */
    public static boolean hasAlt(String query) {
        for (String part : query.split("&")) {
            if (part.startsWith("$alt=") || part.startsWith(ENCODED_SIGN + "alt=")) {
                return true;
            }
        }
        return false;
    }

    /** Returns JSON in the requested form; a text too long for people to read stays compact. */
    byte[] format(byte[] json) {
        return pretty && json.length <= LONGEST_PRETTY
                ? PRETTY.toJson(JsonText.parse(JsonText.utf8(json))).getBytes(StandardCharsets.UTF_8)
                : json;
    }

    private static boolean isSystem(String part) {
        return part.startsWith("$") || part.startsWith(ENCODED_SIGN);
    }

    private static boolean isNumeric(String alt) {
        return switch (alt.replace(" ", "").toLowerCase(Locale.ROOT)) {
            case "json", "json;enum-encoding=string", "" -> false;
            case "json;enum-encoding=int" -> true;
            default ->
                throw ConnectError.invalidArgument(
                        "query parameter $alt: " + alt + " (expected: json or json;enum-encoding=int)");
        };
    }

    private static boolean isTrue(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "" -> true;
            case "false", "0" -> false;
            default ->
                throw ConnectError.invalidArgument(
                        "query parameter $prettyPrint: " + value + " (expected: true or false)");
        };
    }
}

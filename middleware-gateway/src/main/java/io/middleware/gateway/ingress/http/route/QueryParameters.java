package io.middleware.gateway.ingress.http.route;

import io.middleware.gateway.headers.Percent;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.ArrayList;
import java.util.List;

/** The part of a URL after the question mark. */
final class QueryParameters {
    private QueryParameters() {}

    record Parameter(String name, String value) {}

    /**
     * Returns the parameters in their order; a name without {@code =} has an empty value. Refuses wrong
     * percent-encoding.
     */
    static List<Parameter> parse(String query) {
        List<Parameter> parameters = new ArrayList<>();
        for (String part : query.split("&")) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : part.substring(equals + 1);
                try {
                    parameters.add(
                            new Parameter(Percent.decode(name, true, false), Percent.decode(value, true, false)));
                } catch (IllegalArgumentException wrong) {
                    throw ConnectError.invalidArgument("query parameter " + wrong.getMessage());
                }
            }
        }
        return parameters;
    }
}
